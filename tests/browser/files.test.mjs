// A paper photographed with a phone goes into the file room: pages in order, edges by hand,
// counted by a colleague and closed.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axeFindings, browser, colleague, demo, desk, phone, sticksOut } from "./house.mjs";

let chrome;
before(async () => { chrome = await browser(); });
after(async () => { await chrome.close(); });

const at = (path) => `/c/${demo.slug}${path}`;

/** A white sheet on a dark table, as a phone's JPEG. */
async function photograph(page, name, lines) {
  const base64 = await page.evaluate((lines) => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [600, 800];
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#4a3a2e"; pen.fillRect(0, 0, 600, 800);
    pen.fillStyle = "#f4f2ea"; pen.fillRect(70, 60, 460, 680);
    pen.fillStyle = "#333";
    for (let i = 0; i < lines; i += 1) pen.fillRect(110, 120 + i * 40, 380, 4);
    return canvas.toDataURL("image/jpeg", 0.85).split(",")[1];
  }, lines);
  return { name, mimeType: "image/jpeg", buffer: Buffer.from(base64, "base64") };
}

const names = (page) => page.evaluate(() => [...document.querySelector("#f-file").files].map((file) => file.name));

test("a paper goes from the phone into the file room and is closed", async () => {
  const { page, trouble } = await colleague(chrome, "specialist", { viewport: phone });
  await page.goto(at("/files?show=missing"));
  await page.locator("table a.row-link").nth(3).click();
  await page.waitForLoadState();
  assert.deepEqual(await axeFindings(page), []);
  await page.locator("#kind-j a.button").click();
  await page.waitForLoadState();
  await page.setInputFiles("#f-file", [await photograph(page, "one.jpg", 3), await photograph(page, "two.jpg", 6)]);
  await page.locator("[data-pages-list] li").nth(1).waitFor();
  // A further shot comes behind, and is moved and taken out again.
  await page.setInputFiles("#f-file", [await photograph(page, "three.jpg", 9)]);
  await page.locator("[data-pages-list] li").nth(2).waitFor();
  await page.locator("[data-pages-list] li").nth(2).getByRole("button", { name: "往前" }).click();
  assert.deepEqual(await names(page), ["one.jpg", "three.jpg", "two.jpg"]);
  await page.locator("[data-pages-list] li").nth(0).getByRole("button", { name: "移除" }).click();
  assert.deepEqual(await names(page), ["three.jpg", "two.jpg"]);
  await page.locator("[data-pages-list] li").nth(0).getByRole("button", { name: "裁邊" }).click();
  await page.locator(".edge").nth(0).focus();
  for (let i = 0; i < 12; i += 1) await page.keyboard.press("ArrowDown");
  assert.deepEqual(await axeFindings(page), []);
  await page.getByRole("button", { name: "就這樣裁" }).click();
  const corners = await page.locator("input[name=corners]").evaluateAll((all) => all.map((one) => one.value));
  assert.match(corners[0], /^0\.0000 0\.1200 1\.0000 0\.0000 /);
  assert.equal(corners[1], "");
  assert.equal(await sticksOut(page), false);
  await page.locator("label", { hasText: "周雅文" }).click();
  await page.getByRole("button", { name: "存入檔案庫" }).click();
  await page.waitForURL(/\/files\/documents\//);
  const path = new URL(page.url()).pathname;
  const loaded = () => page.locator(".page-pictures img").evaluateAll((all) => all.map((img) => { img.loading = "eager"; return img.complete && img.naturalWidth > 0; }));
  for (let i = 0; i < 50 && !(await loaded()).every(Boolean); i += 1) await page.waitForTimeout(200);
  assert.deepEqual(await loaded(), [true, true], "both see the pages until it is filed");
  assert.deepEqual(await axeFindings(page), []);
  assert.equal(await sticksOut(page), false);
  assert.deepEqual(trouble, []);

  const other = await colleague(chrome, "supervisor", { viewport: desk });
  await other.page.goto(path);
  await other.page.fill("[name=pages]", "3");
  await other.page.getByRole("button", { name: "核對無誤，歸檔" }).click();
  assert.match(await other.page.locator(".errors").innerText(), /您數得 3 頁/);
  await other.page.fill("[name=pages]", "2");
  await other.page.getByRole("button", { name: "核對無誤，歸檔" }).click();
  await other.page.waitForLoadState();
  assert.equal(await other.page.locator(".page-pictures img").count(), 0, "filed: nobody sees a page here");
  const page1 = await other.page.request.get(`${path}/pages/1`);
  assert.equal(page1.status(), 404);
});
