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
  assert.equal(await page.locator("#chat .spoken-text img").count(), 0, "text is text");
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

test("pictures are seen before they are sent, by the neighbour at once, and large on a press", async () => {
  const host = await colleague(chrome, "host", { viewport: desk, locale: "en-US" });
  const owner = await colleague(chrome, "owner", { viewport: phone });
  await main(host.page);
  await main(owner.page);
  const words = `樓道的燈 ${Date.now()}`;
  const picture = await host.page.screenshot({ type: "png", clip: { x: 0, y: 0, width: 200, height: 120 } });
  const files = [1, 2].map((n) => ({ name: `lamp-${n}.png`, mimeType: "image/png", buffer: picture }));
  await owner.page.setInputFiles("#f-attached", [...files, { name: "說明.html", mimeType: "text/html", buffer: Buffer.from("<script>alert(1)</script>") }]);
  assert.equal(await owner.page.locator("[data-chosen] li").count(), 3);
  await owner.page.locator("[data-chosen] button").first().click();
  assert.equal(await owner.page.locator("[data-chosen] li").count(), 2, "one was taken out");
  await owner.page.fill("#f-text", words);
  await owner.page.locator(".say-row > .button").click();
  for (const { page } of [owner, host]) {
    const line = page.locator("li.spoken", { hasText: words });
    await line.locator(".spoken-pictures img").waitFor();
    assert.equal(await line.locator(".spoken-file").textContent(), "說明.html1 KB");
    await page.waitForFunction((said) => [...document.querySelectorAll("li.spoken")].find((l) => l.textContent.includes(said)).querySelector("img").naturalWidth > 0, words);
  }
  const line = host.page.locator("li.spoken", { hasText: words });
  await line.locator("[data-see]").click();
  await host.page.locator("#viewer[open] img").waitFor();
  assert.deepEqual(await axeFindings(host.page), []);
  await host.page.keyboard.press("Escape");
  const [download] = await Promise.all([host.page.waitForEvent("download"), line.locator(".spoken-file").click()]);
  assert.equal(download.suggestedFilename(), "說明.html", "kept, not opened");
  assert.equal(await sticksOut(owner.page), false);
  assert.deepEqual([...host.trouble, ...owner.trouble], []);
  await host.context.close();
  await owner.context.close();
});

test("a name is picked by keys, marks the line for whoever is named, and is counted in the list", async () => {
  const host = await colleague(chrome, "host", { viewport: desk });
  const owner = await colleague(chrome, "owner", { viewport: phone });
  await owner.page.goto(`/c/${demo.slug}/group/channels`);
  await main(host.page);
  await host.page.locator("#f-text").pressSequentially("@");
  await host.page.locator("#names li").first().waitFor();
  const everybody = await host.page.locator("#names li").first().textContent();
  await host.page.keyboard.press("ArrowDown");
  await host.page.keyboard.press("ArrowUp");
  await host.page.keyboard.press("Enter");
  const words = `明天停水 ${Date.now()}`;
  await host.page.locator("#f-text").pressSequentially(words);
  assert.equal(await host.page.inputValue("#f-text"), `@${everybody} ${words}`, "Enter picked and did not send");
  await host.page.keyboard.press("Enter");
  await host.page.locator(".spoken-text", { hasText: words }).locator(".named").waitFor();
  await owner.page.reload();
  await owner.page.locator(".cards-joined a", { hasText: "提到您" }).click();
  const line = owner.page.locator("li.spoken--called", { hasText: words });
  await line.waitFor();
  assert.equal(await line.locator(".named--me").textContent(), `@${everybody}`);
  assert.deepEqual([...host.trouble, ...owner.trouble], []);
  await host.context.close();
  await owner.context.close();
});

test("a poll is asked without script, answered in place, and its counts come live", async () => {
  const host = await colleague(chrome, "host", { viewport: desk, script: false });
  await main(host.page);
  await host.page.locator("a[href$='/poll']").click();
  const question = `哪天取貨 ${Date.now()}`;
  await host.page.fill("#f-text", question);
  await host.page.fill("#f-options", "週六\n週日\n");
  await host.page.locator("main form .acts--send .button").first().click();
  const owner = await colleague(chrome, "owner", { viewport: phone });
  const watcher = await colleague(chrome, "host", { viewport: desk });
  await main(owner.page);
  await main(watcher.page);
  const box = (page) => page.locator("li.spoken", { hasText: question }).locator(".poll");
  await box(owner.page).locator("input[name=choice]").nth(1).check();
  await box(owner.page).locator("button").click();
  await watcher.page.waitForFunction((said) => [...document.querySelectorAll("li.spoken")].find((l) => l.textContent.includes(said))?.querySelectorAll(".poll-count")[1].textContent === "1", question);
  await owner.page.reload();
  assert.equal(await box(owner.page).locator("input[name=choice]").nth(1).isChecked(), true, "one sees one's own answer");
  assert.deepEqual(await axeFindings(owner.page), []);
  assert.deepEqual([...host.trouble, ...owner.trouble, ...watcher.trouble], []);
  for (const one of [host, owner, watcher]) await one.context.close();
});

test("what was said is found, and leads to its place", async () => {
  const { context, page, trouble } = await colleague(chrome, "owner", { viewport: phone });
  await page.goto(`/c/${demo.slug}/group/channels`);
  await page.fill("#f-q", "藍色雨傘");
  await page.keyboard.press("Enter");
  assert.equal(await page.locator(".hits mark").first().textContent(), "藍色雨傘");
  assert.deepEqual(await axeFindings(page), []);
  await page.locator(".hits a").first().click();
  await page.locator("li.spoken:target", { hasText: "藍色雨傘" }).waitFor();
  await page.goto(`/c/${demo.slug}/group/search?q=lsys`);
  assert.equal(await page.locator(".hits mark").first().textContent(), "藍色雨傘");
  assert.deepEqual(trouble, []);
  await context.close();
});

test("what was read stays readable without a line, and what was written goes out from the next page", async () => {
  const { context, page } = await colleague(chrome, "owner", { viewport: phone });
  await main(page);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.reload();
  await page.waitForFunction(async () => navigator.serviceWorker.controller && (await (await caches.open("read")).keys()).length > 0);
  const here = page.url();
  await context.setOffline(true);
  await page.goto(here);
  await page.locator(".spoken-text", { hasText: "藍色雨傘" }).waitFor();
  const words = `離線寫下 ${Date.now()}`;
  await page.fill("#f-text", words);
  await page.locator(".say-row > .button").click();
  await page.locator(".spoken--sending", { hasText: words }).waitFor();
  await page.goto(`/c/${demo.slug}/my-fees-of-nowhere`);
  assert.equal(await page.locator("[lang]").count() >= 3, true, "the page without a line speaks three languages");
  await page.close();
  await context.setOffline(false);
  // The tab was closed; another page of the house sends it, once.
  const next = await context.newPage();
  await next.goto("/me");
  await next.waitForFunction(() => !Object.entries(localStorage).some(([key, value]) => key.startsWith("linli unsent") && value !== "[]"));
  await main(next);
  assert.equal(await next.locator(".spoken-text", { hasText: words }).count(), 1);
  await context.close();
});

test("whoever is led to the way in leaves nothing to read behind", async () => {
  const { context, page } = await colleague(chrome, "owner", { viewport: phone });
  await main(page);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.reload();
  const kept = (some) => page.waitForFunction(async (wanted) => ((await (await caches.open("read")).keys()).length > 0) === wanted, some);
  await kept(true);
  // Without its session, as after a sign-out elsewhere; the others of these tests keep theirs.
  await context.clearCookies();
  await page.goto(`/c/${demo.slug}/group/channels`);
  assert.equal(new URL(page.url()).pathname, "/sign-in");
  await kept(false);
  await context.close();
});

test("the house can be installed, and a knock on the door is shown", async () => {
  const { context, page, trouble } = await colleague(chrome, "owner", { viewport: phone });
  await context.grantPermissions(["notifications"], { origin: demo.url });
  await page.goto(`/c/${demo.slug}/group/channels`);
  const manifest = await page.evaluate(async () => (await fetch(document.querySelector("link[rel=manifest]").href)).json());
  assert.deepEqual([manifest.display, manifest.scope, manifest.icons.length], ["standalone", "/", 3]);
  for (const icon of manifest.icons) assert.equal(await page.evaluate(async (src) => (await fetch(src)).headers.get("content-type"), icon.src), "image/png");
  await page.evaluate(() => navigator.serviceWorker.ready);
  const cdp = await context.newCDPSession(page);
  const found = new Promise((take) => cdp.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => { const one = registrations.find((r) => !r.isDeleted); if (one) take(one.registrationId); }));
  await cdp.send("ServiceWorker.enable");
  const told = { title: "緊急通知", body: "今晚停水", url: `/c/${demo.slug}/group/channels` };
  await cdp.send("ServiceWorker.deliverPushMessage", { origin: demo.url, registrationId: await found, data: JSON.stringify(told) });
  const shown = await page.evaluate(async () => {
    const house = await navigator.serviceWorker.ready;
    for (let n = 0; n < 50; n += 1) {
      const [one] = await house.getNotifications();
      if (one) return { title: one.title, body: one.body, url: one.data.url };
      await new Promise((rest) => setTimeout(rest, 100));
    }
    return null;
  });
  assert.deepEqual(shown, { title: told.title, body: told.body, url: `${demo.url}${told.url}` });
  assert.deepEqual(trouble, []);
  await context.close();
});
