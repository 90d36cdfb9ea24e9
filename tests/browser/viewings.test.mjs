// A file is looked into: granted in the demo, opened here, its page seen with its mark, and gone
// from the open viewer when the manager revokes it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axeFindings, browser, colleague, demo, desk, phone, sticksOut } from "./house.mjs";

const at = (path) => `/c/${demo.slug}${path}`;

let chrome;
before(async () => { chrome = await browser(); });
after(async () => { await chrome.close(); });

/** Shows the second factor on the way, where it is asked for. */
async function onTheWay(page) {
  const code = page.locator("[data-demo-code]");
  if (!(await code.count())) return;
  await page.fill("[name=step-up-code]", await code.getAttribute("data-demo-code"));
  await page.locator("main form").first().locator("button").click();
  await page.waitForLoadState();
}

test("an open viewer loses its page when the viewing is revoked", async () => {
  const reader = await colleague(chrome, "supervisor", { viewport: phone });
  const manager = await colleague(chrome, "manager", { viewport: desk });
  await reader.page.goto(at("/viewings"));
  const row = reader.page.locator("tr", { hasText: "待開始" }).locator("a.row-link").first();
  const path = await row.getAttribute("href");
  await reader.page.goto(path);
  await reader.page.locator("form[action$='/activate'] button").click();
  await reader.page.waitForLoadState();
  await onTheWay(reader.page);
  await reader.page.waitForURL((url) => url.pathname.endsWith("/view"));
  await reader.page.locator(".viewing-papers a").first().click();
  const picture = reader.page.locator(".viewing-page img");
  await picture.waitFor();
  assert.ok(await picture.evaluate((img) => img.decode().then(() => img.naturalWidth > 200)), "the page is drawn");
  assert.equal(await sticksOut(reader.page), false);
  assert.deepEqual(await axeFindings(reader.page), []);

  await manager.page.goto(path);
  const revoke = manager.page.locator("details", { has: manager.page.locator("#revoke-why") });
  await revoke.locator("summary").click();
  await manager.page.fill("#revoke-why", "發現事由與業主所述不符，先行撤銷");
  await revoke.locator("button").click();
  await reader.page.waitForSelector("[data-over]:not([hidden])");
  assert.equal(await picture.count(), 0, "the picture is gone from the page");
  assert.deepEqual(reader.trouble, []);
  assert.deepEqual(manager.trouble, []);
  await reader.context.close();
  await manager.context.close();
});
