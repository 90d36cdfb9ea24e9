// The assistant on a phone: asked, asked back, handed over, danger; and the office's side of it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axeFindings, browser, colleague, demo, desk, phone, sticksOut } from "./house.mjs";

let chrome;
before(async () => { chrome = await browser(); });
after(async () => { await chrome.close(); });

const ask = async (page, text) => {
  await page.fill("#f-question", text);
  await page.locator("main form.card .acts--send button").click();
  await page.locator("#last", { hasText: text }).waitFor();
};

test("an owner asks on a phone, with and without script", async () => {
  for (const script of [true, false]) {
    const { context, page, trouble } = await colleague(chrome, "owner", { viewport: phone, script });
    await page.goto(`/c/${demo.slug}/ask`);
    // Nothing typed: the page says so and asks for it.
    await page.locator("main form.card .acts--send button").click();
    assert.ok(await page.locator(".errors").isVisible());

    await ask(page, "管理費怎麼交");
    const answer = page.locator("#last article");
    if (await answer.count() === 0) await page.locator("#last form button[name=entry]").first().click();
    await answer.waitFor();
    assert.match(await answer.innerText(), /依據：/);
    assert.equal(await sticksOut(page), false);
    if (script) assert.deepEqual(await axeFindings(page), []);

    await ask(page, "廚房着火了");
    assert.ok(await page.locator("#last [role=alert] a[href='tel:119']").isVisible());
    assert.equal(await sticksOut(page), false);
    if (script) assert.deepEqual(await axeFindings(page), []);
    assert.deepEqual(trouble.filter((t) => !t.includes("422")), []);
    await context.close();
  }
});

test("the office searches, writes a version beside what is in force, and goes back", async () => {
  const { context, page, trouble } = await colleague(chrome, "manager", { viewport: desk });
  await page.goto(`/c/${demo.slug}/assistant?state=published`);
  assert.deepEqual(await axeFindings(page), []);
  await page.fill(".filters-find [name=q]", "物业费");
  await page.locator(".filters-find button").click();
  const row = page.locator("td a.row-link").first();
  await row.waitFor();
  await row.click();
  assert.deepEqual(await axeFindings(page), []);
  const before = await page.inputValue("#f-answer");
  await page.fill("#f-answer", `${before}\n- 另見公告欄`);
  await page.locator("main form.card .acts--send button").click();
  await page.locator("text=有未發布的新版").first().waitFor();
  // Looked at by the regression set within moments.
  for (let i = 0; i < 60 && await page.locator("text=檢查通過").count() === 0; i++) {
    await page.waitForTimeout(500);
    await page.reload();
  }
  assert.ok(await page.locator("text=檢查通過").isVisible());
  await page.locator("details summary", { hasText: "版本" }).click();
  await page.locator("details form[action$='/undo'] button").first().click();
  await page.waitForLoadState();
  assert.equal(await page.inputValue("#f-answer"), before);
  assert.deepEqual(trouble, []);
  await context.close();
});
