// The desk worked by keyboard: down the list, into a case, decided and taken back.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browser, colleague, demo, desk } from "./house.mjs";

let chrome;
before(async () => { chrome = await browser(); });
after(async () => { await chrome.close(); });

test("a reviewer decides by the letters on the buttons, and takes it back", async () => {
  const { context, page, trouble } = await colleague(chrome, "supervisor", { viewport: desk, locale: "en-US" });
  await page.goto(`/c/${demo.slug}/conduct`);
  await page.keyboard.press("j");
  const first = await page.locator("tr.here a.row-link").getAttribute("href");
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.pathname.endsWith(first.split("/").pop()));
  const decided = page.url();
  const sent = page.waitForResponse((r) => r.request().method() === "POST");
  await page.keyboard.press("d");
  assert.equal((await sent).request().postData().includes("act=dismiss"), true);
  assert.equal((await sent).status(), 303);
  await page.goto(decided);
  const button = page.locator("button[accesskey=u]");
  assert.equal(await button.count(), 1, "it can be taken back");
  const back = page.waitForResponse((r) => r.request().method() === "POST");
  await page.keyboard.press("u");
  assert.equal((await back).status(), 303);
  await page.goto(decided);
  assert.equal(await page.locator("button[accesskey=d]").count(), 1, "it waits again");
  const words = page.locator("textarea, input[type=text]").first();
  if (await words.count()) {
    await words.focus();
    await page.keyboard.press("b");
    assert.equal(page.url(), decided, "while a person types, letters are letters");
    assert.equal(await words.inputValue(), "b");
  }
  assert.deepEqual(trouble, []);
  await context.close();
});
