// The census on a phone: the round works without a line, keeps what was typed, and sends it once;
// a household checks itself from its slip.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axeFindings, browser, colleague, demo, phone, sticksOut } from "./house.mjs";

let chrome;
before(async () => { chrome = await browser(); });
after(async () => { await chrome.close(); });

const at = (path) => `/c/${demo.slug}${path}`;

test("a visit is typed without a line, outlives a reload, and is sent once", async () => {
  const { context, page } = await colleague(chrome, "specialist", { viewport: phone });
  await page.goto(at("/census/round?more=yes"));
  const stop = page.locator("[data-stop]").first();
  const id = await stop.getAttribute("data-stop");
  await stop.locator("summary").first().click();
  await stop.locator("[data-changes] > summary").click();
  assert.equal(await sticksOut(page), false);
  assert.deepEqual(await axeFindings(page), []);
  let sent = 0;
  page.on("request", (r) => { if (r.method() === "POST" && r.url().endsWith(`/census/homes/${id}`)) sent += 1; });

  // What is typed is kept, and lies on the phone as noise.
  await stop.locator("input[type=tel]").first().fill("13912345678");
  await stop.locator("[data-state]", { hasText: "已暫存" }).waitFor();
  const kept = await page.evaluate(() => Object.entries(localStorage).filter(([name]) => name.startsWith("linli census")).map(([, value]) => value).join());
  assert.ok(kept.length > 40 && !kept.includes("13912345678"), "kept, not in clear");
  await page.reload();
  const again = page.locator(`[data-stop="${id}"]`);
  await again.locator("summary").first().click();
  assert.equal(await again.locator("input[type=tel]").first().inputValue(), "13912345678");

  await context.setOffline(true);
  await again.locator(".ask-rest label").click();
  await again.locator(".acts--send button").click();
  await again.locator("[data-state]", { hasText: "沒有網路" }).waitFor();
  await page.locator("[data-unsent]").waitFor({ state: "visible" });
  await context.setOffline(false);
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await page.locator(`[data-stop="${id}"].stop--done`).waitFor();
  assert.ok(sent <= 3, `${sent} tries`);
  await page.goto(at(`/census/homes/${id}`));
  assert.equal(await page.locator("main a[href*='/census/answers/']").count(), 1, "merged once");
  await context.close();
});

test("differences are compared and decided, by keyboard", async () => {
  const { context, page, trouble } = await colleague(chrome, "specialist", { viewport: phone });
  await page.goto(at("/census/answers"));
  await page.locator("table a.row-link").first().click();
  await page.waitForLoadState();
  assert.deepEqual(await axeFindings(page), []);
  assert.equal(await sticksOut(page), false);
  for (const take of await page.locator("input[value=take]").all()) { await take.focus(); await page.keyboard.press("Space"); }
  await page.locator("main form .acts--send button").focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/census\/answers$/);
  assert.deepEqual(trouble, []);
  await context.close();
});
