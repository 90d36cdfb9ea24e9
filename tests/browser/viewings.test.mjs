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

test("what is of others is covered by drawing on the page, or by numbers without script", async () => {
  const drawing = await colleague(chrome, "specialist", { viewport: desk });
  const { page } = drawing;
  await page.goto(at("/viewings"));
  const path = await page.locator("tr", { hasText: "遮蓋中" }).locator("a.row-link").first().getAttribute("href");
  await page.goto(`${path}/cover`);
  await page.locator(".viewing-papers a").first().click();
  const picture = page.locator("[data-board] img");
  assert.ok(await picture.evaluate((img) => img.decode().then(() => img.naturalWidth > 200)), "the page is drawn");
  const areas = page.locator("[data-board] rect");
  const before = await areas.count();
  const box = await page.locator("[data-board]").boundingBox();
  await page.mouse.move(box.x + box.width * 0.2, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.5, box.y + 160, { steps: 5 });
  await page.mouse.up();
  const field = (name, nth) => `[name=${name}_${before + nth}]`;
  const left = Number(await page.inputValue(field("left", 1)));
  const width = Number(await page.inputValue(field("width", 1)));
  assert.ok(Math.abs(left - 200) < 5 && Math.abs(width - 300) < 5, `${left} ${width}`);
  assert.equal(await areas.count(), before + 1);
  // By the keyboard: another line, typed, and taken away again.
  for (const [name, value] of [["left", "0"], ["top", "900"], ["width", "1000"], ["height", "50"]]) {
    await page.fill(field(name, 2), value);
  }
  assert.equal(await areas.count(), before + 2);
  await page.locator("[data-area]").nth(before + 1).locator("[data-clear]").click();
  assert.equal(await areas.count(), before + 1);
  assert.equal(await sticksOut(page), false);
  assert.deepEqual(await axeFindings(page), []);
  await page.locator("button[value=keep]").click();
  await page.waitForLoadState();
  assert.ok((await page.locator("main").innerText()).includes("已遮蓋"));
  assert.deepEqual(drawing.trouble, []);
  await drawing.context.close();

  const plain = await colleague(chrome, "specialist", { viewport: phone, script: false });
  await plain.page.goto(`${path}/cover`);
  await plain.page.locator(".viewing-papers a").last().click();
  assert.equal(await plain.page.locator("[data-drawing]").isVisible(), false);
  assert.equal(await sticksOut(plain.page), false);
  await plain.page.locator("button[value=none]").click();
  await plain.page.waitForLoadState();
  assert.ok((await plain.page.locator("main").innerText()).includes("已記下"));
  await plain.context.close();
});
