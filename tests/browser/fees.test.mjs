// Money at the desk: taken, receipted, counted; a meter read; the owner's own papers.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axeFindings, browser, colleague, demo, phone, sticksOut } from "./house.mjs";

const at = (path) => `/c/${demo.slug}${path}`;

let chrome;
before(async () => { chrome = await browser(); });
after(async () => { await chrome.close(); });

/** Sends a form of the page as the browser would, for an answer that is a file. */
async function file(context, page, action) {
  const form = page.locator(`form[action$="${action}"]`).first();
  const csrf = await form.locator("[name=csrf]").getAttribute("value");
  return context.request.post(await form.getAttribute("action"), { form: { csrf }, headers: { origin: demo.url } });
}

test("a cashier takes money on a phone and prints the receipt twice", async () => {
  const { context, page, trouble } = await colleague(chrome, "cashier", { viewport: phone, locale: "en-US" });
  await page.goto(at("/fees"));
  const room = await page.locator("a.row-link").first().getAttribute("href");
  await page.goto(room);
  await page.fill("[name=amount]", "one");
  await page.locator("form[action$='/payments'] button").click();
  assert.equal(await page.locator("[name=amount]").inputValue(), "one", "what was typed is kept");
  await page.fill("[name=amount]", "1.00");
  await page.selectOption("[name=way]", "cash");
  await page.locator("form[action$='/payments'] button").click();
  await page.waitForLoadState();
  assert.match(await page.locator("main").innerText(), /¥1\.00/);
  for (let nth = 0; nth < 2; nth += 1) {
    const paper = await file(context, page, "/receipt");
    assert.equal(paper.headers()["content-type"], "application/pdf");
    assert.equal((await paper.body()).subarray(0, 5).toString(), "%PDF-");
  }
  const statement = await context.request.get(`${room}/paper`);
  assert.equal(statement.headers()["content-type"], "application/pdf");
  await page.goto(room);
  assert.equal(await sticksOut(page), false);
  assert.deepEqual(await axeFindings(page), []);
  assert.deepEqual(trouble.filter((t) => !t.includes("422")), []);
  await context.close();
});

test("a meter that ran back is refused with the way to mend it, and a right reading taken", async () => {
  const { context, page, trouble } = await colleague(chrome, "cashier", { viewport: phone, locale: "zh-TW" });
  await page.goto(at("/fees/meters"));
  await page.locator("a.row-link").first().click();
  await page.fill("[name=value]", "1");
  await page.locator("form[action$='/read'] button").click();
  assert.match(await page.locator("main").innerText(), /換過表請用「換表」/);
  assert.equal(await page.locator("form[action$='/read'] [name=value]").inputValue(), "1");
  const last = await page.locator("td[data-label]").first().innerText();
  await page.locator("form[action$='/read'] [name=value]").fill(String(Number(last) + 1));
  await page.locator("form[action$='/read'] button").click();
  await page.waitForLoadState();
  assert.match(await page.locator("main").innerText(), /用量 1/);
  assert.deepEqual(trouble.filter((t) => !t.includes("422")), []);
  await context.close();
});
