// Sharing: a question on a phone, answered and thanked for, a skill by consent; with script and without.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axeFindings, browser, colleague, demo, desk, phone, sticksOut } from "./house.mjs";

let chrome;
before(async () => { chrome = await browser(); });
after(async () => { await chrome.close(); });

test("an owner asks, the office answers, the answer is thanked for and called the best", async () => {
  const owner = await colleague(chrome, "owner", { viewport: phone });
  const host = await colleague(chrome, "host", { viewport: desk, locale: "en-US" });
  const base = `/c/${demo.slug}/group/sharing`;
  await owner.page.goto(base);
  assert.ok((await owner.page.locator(".post").count()) >= 3, "the demo's neighbours share");
  assert.equal(await sticksOut(owner.page), false);
  assert.deepEqual(await axeFindings(owner.page), []);

  // Nothing chosen: what was typed stays, and the page says what is missing.
  await owner.page.goto(`${base}/new`);
  const title = `誰有打氣筒 ${Date.now()}`;
  await owner.page.fill("#f-title", title);
  await owner.page.locator("main form[enctype] .acts--send button").click();
  assert.equal(await owner.page.inputValue("#f-title"), title);
  assert.ok(await owner.page.locator(".errors").isVisible());
  assert.deepEqual(await axeFindings(owner.page), []);
  await owner.page.locator("label[for=f-topic-3]").click();
  await owner.page.locator("main form[enctype] .acts--send button").click();
  await owner.page.locator("h1", { hasText: title }).waitFor();

  await host.page.goto(base);
  await host.page.locator(".post", { hasText: title }).click();
  assert.deepEqual(await axeFindings(host.page), []);
  const words = "門崗有一個，隨時來拿";
  await host.page.fill("#f-text", words);
  await host.page.locator("main form[enctype] .acts--send button").click();
  await host.page.locator(".answers .spoken-text", { hasText: words }).waitFor();

  await owner.page.reload();
  const answer = owner.page.locator(".answers li", { hasText: words });
  await answer.locator("form[action$='/thank'] button").click();
  await answer.locator("[aria-pressed=true]").waitFor();
  await answer.locator("form[action$='/settle'] button").click();
  await owner.page.locator(".thread--best", { hasText: words }).waitFor();
  assert.equal(await sticksOut(owner.page), false);
  assert.deepEqual(await axeFindings(owner.page), []);
  assert.deepEqual(owner.trouble.filter((t) => !t.includes("422")), []);
  assert.deepEqual(host.trouble, []);
  await host.context.close();
  await owner.context.close();
});

test("a skill is offered with consent, found, and taken back, without script", async () => {
  const { context, page } = await colleague(chrome, "owner", { viewport: phone, script: false });
  const skill = `修拉鏈${Date.now() % 1000}`;
  await page.goto(`/c/${demo.slug}/group/skills`);
  await page.fill("#f-skill", skill);
  await page.locator("main form.card .acts--send button").click();
  assert.ok(await page.locator("#f-consent-fault").isVisible(), "nothing is shown without a yes");
  assert.equal(await page.inputValue("#f-skill"), skill);
  await page.locator("label[for=f-consent]").click();
  await page.locator("main form.card .acts--send button").click();
  await page.fill("#f-q", skill);
  await page.locator("form[role=search].find button").last().click();
  const row = page.locator(".posts li", { hasText: skill });
  await row.waitFor();
  await row.locator("form[action$='/withdraw'] button").click();
  assert.equal(await page.locator(".posts li", { hasText: skill }).count(), 0);
  await context.close();
});
