// The group on a phone and at a desk: what one says the other sees, at once and without script.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axeFindings, browser, colleague, demo, desk, phone, sticksOut } from "./house.mjs";

let chrome;
before(async () => { chrome = await browser(); });
after(async () => { await chrome.close(); });

/** Opens the main channel, which is the first of the list. */
async function main(page) {
  await page.goto(`/c/${demo.slug}/group/channels`);
  await page.locator(".cards-joined a").first().click();
  await page.waitForSelector("#chat");
}

test("what the host says appears on the owner's phone, and what the owner takes back goes", async () => {
  const host = await colleague(chrome, "host", { viewport: desk, locale: "en-US" });
  const owner = await colleague(chrome, "owner", { viewport: phone });
  await main(host.page);
  await main(owner.page);
  const words = `大家早上好 ${Date.now()}`;
  await host.page.fill("#f-text", words);
  await host.page.keyboard.press("Enter");
  await owner.page.locator(".spoken-text", { hasText: words }).waitFor();
  assert.equal(await host.page.locator(".spoken-text", { hasText: words }).count(), 1, "once where it was written");

  // A second tab of the same browser hears it too, over the first one's stream.
  const tab = await owner.context.newPage();
  await main(tab);
  const more = `收到 ${Date.now()}`;
  await owner.page.fill("#f-text", more);
  await owner.page.locator(".say button").click();
  await tab.locator(".spoken-text", { hasText: more }).waitFor();
  await host.page.locator(".spoken-text", { hasText: more }).waitFor();
  assert.equal(await sticksOut(owner.page), false);
  assert.deepEqual(await axeFindings(owner.page), []);
  assert.deepEqual(await axeFindings(host.page), []);

  await owner.page.reload();
  const line = owner.page.locator("li.spoken", { hasText: more });
  await line.locator("summary").click();
  await line.locator("form[action$='/recall'] button").click();
  await owner.page.waitForLoadState();
  await host.page.locator(".spoken-text", { hasText: more }).waitFor({ state: "detached" });
  assert.deepEqual([...host.trouble, ...owner.trouble], []);
  await host.context.close();
  await owner.context.close();
});

test("a line written without a connection goes out once when there is one", async () => {
  const { context, page } = await colleague(chrome, "owner", { viewport: phone });
  await main(page);
  await context.setOffline(true);
  const words = `斷線時寫的 ${Date.now()}`;
  await page.fill("#f-text", words);
  await page.locator(".say button").click();
  await page.locator(".spoken--sending", { hasText: words }).waitFor();
  await context.setOffline(false);
  await page.locator(".spoken--sending").waitFor({ state: "detached" });
  await page.reload();
  assert.equal(await page.locator(".spoken-text", { hasText: words }).count(), 1);
  await context.close();
});

test("what somebody writes is text, whatever it looks like", async () => {
  const { context, page } = await colleague(chrome, "owner", { viewport: phone });
  await main(page);
  await page.fill("#f-text", "<img src=x onerror=alert(1)> <b>你好</b>");
  await page.locator(".say button").click();
  await page.locator(".spoken--own .spoken-text", { hasText: "<img src=x" }).waitFor();
  assert.equal(await page.locator("#chat img").count(), 0, "text is text");
  await context.close();
});

test("the group is read and written without script", async () => {
  const { context, page, trouble } = await colleague(chrome, "owner", { viewport: phone, script: false });
  await main(page);
  const words = `沒有腳本也行 ${Date.now()}`;
  await page.fill("#f-text", words);
  await page.locator(".say button").click();
  await page.locator(".spoken-text", { hasText: words }).waitFor();
  assert.equal(await sticksOut(page), false);
  assert.deepEqual(trouble, []);
  await context.close();
});
