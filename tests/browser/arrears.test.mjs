// The specialist's morning on a phone: the day's list, a call recorded in under a minute, and
// what may not be said refused with its article.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axeFindings, browser, colleague, demo, phone, sticksOut } from "./house.mjs";

const at = (path) => `/c/${demo.slug}${path}`;

let chrome;
before(async () => { chrome = await browser(); });
after(async () => { await chrome.close(); });

test("a call is recorded from the day's list, and a threat is refused with its article", async () => {
  const { context, page, trouble } = await colleague(chrome, "specialist", { viewport: phone, locale: "zh-TW" });
  await page.goto(at("/arrears"));
  const contact = await page.locator('main td a[href$="/contact"]').first().getAttribute("href");
  await page.goto(contact);
  assert.equal(await sticksOut(page), false);
  assert.deepEqual(await axeFindings(page), []);
  // Whatever the hour of the test: the household called by itself.
  await page.locator("label[for=f-incoming]").click();
  await page.locator("select[name=result]").selectOption("disputes");
  await page.locator("textarea[name=answered]").fill("要求核對三月的帳單");
  await page.locator("main details summary").first().click();
  await page.locator("textarea[name=said]").fill("再不繳就停電");
  await page.locator("main form .acts--send button").click();
  await page.waitForLoadState();
  const text = await page.locator("main").innerText();
  assert.match(text, /民法典 944/);
  assert.equal(await page.locator("textarea[name=answered]").inputValue(), "要求核對三月的帳單");
  await page.locator("textarea[name=said]").fill("我們一項一項跟您核對");
  await page.locator("main form .acts--send button").click();
  await page.waitForURL((url) => !url.pathname.endsWith("/contact"));
  assert.match(await page.locator("main").innerText(), /要求核對三月的帳單/);
  // The refusal is an answer that Chromium notes on its console.
  assert.deepEqual(trouble.filter((t) => !t.includes("422")), []);
  await context.close();
});
