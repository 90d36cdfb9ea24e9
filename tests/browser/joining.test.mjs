// The way into the group, as the people on it walk it: an applicant on a phone, with and
// without script, the specialist by keyboard, the host, the invited owner, the ledger.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { browser, colleague, demo, desk, phone, sticksOut, visitor } from "./house.mjs";

const at = (path) => `/c/${demo.slug}${path}`;
/** Each run brings people whom nobody has seen: the roster cannot vouch, so a person decides. */
const run = Date.now();
const sign = (n) => String.fromCharCode(0x4e00 + (n % 0x2000));
const somebody = (nth) => ({
  name: `王${sign(run + nth)}${sign(Math.floor(run / 0x2000) + nth)}`,
  phone: `13${String((run + nth) % 1_000_000_000).padStart(9, "0")}`,
});

const PASSWORD = "three herons on the wharf";

let chrome;
before(async () => { chrome = await browser(); });
after(async () => { await chrome.close(); });

/** Two homes of the roster, with an applicant each. */
async function applicants() {
  const { context, page } = await colleague(chrome, "specialist", { viewport: desk });
  await page.goto(at("/roster"));
  const rooms = await page.locator("a.row-link").allTextContents();
  await context.close();
  return [0, 1].map((nth) => ({ room: rooms[nth].trim(), ...somebody(nth) }));
}

/** Answers every screen until the status page; the address of that page is the link. */
async function apply(page, home) {
  await page.goto(at("/apply"));
  await page.locator("main form button").click();
  const put = async (step, act) => {
    await page.waitForURL(new RegExp(`/apply/[^/]+/${step}$`));
    assert.equal(await sticksOut(page), false, `the screen ${step} fits a phone`);
    await act();
    await page.locator("main form").last().locator("button.button").last().click();
  };
  await put("room", () => page.fill("[name=room]", home.room));
  await put("relation", () => page.locator('label[for="f-relation"]').click());
  await put("name", () => page.fill("[name=name]", home.name));
  await put("phone", () => page.fill("[name=phone]", home.phone));
  await put("document", async () => {});
  await put("proof", () => page.locator('label[for="f-later"]').click());
  await put("consent", () => page.locator('label[for="f-privacy"]').click());
  await put("check", async () => {});
  await page.waitForURL(/\/apply\/[0-9a-z]{20,}$/);
  return page.url();
}

/** Fewer than ten presses of Tab to what must be near; the page's order is the test. */
async function tabTo(page, locator, most = 60) {
  for (let i = 0; i < most; i += 1) {
    if (await locator.evaluate((el) => el === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail("the keyboard does not reach it");
}

describe("the way into the group", () => {
  let homes;
  before(async () => { homes = await applicants(); });

  test("an applicant applies on a phone without script and keeps a link to the state", async () => {
    const { context, page, trouble } = await visitor(chrome, { viewport: phone, script: false });
    const link = await apply(page, homes[1]);
    assert.ok((await page.locator("main").textContent()).includes(homes[1].name));
    // The link alone is enough, on any device.
    const other = await visitor(chrome, { viewport: desk, locale: "en-US" });
    const answer = await other.page.goto(link);
    assert.equal(answer.status(), 200);
    assert.ok((await other.page.locator("main").textContent()).includes(homes[1].name));
    assert.deepEqual([...trouble, ...other.trouble], []);
    await other.context.close();
    await context.close();
  });

  test("applied with script, approved by keyboard, invited, confirmed, in, and in the ledger", async () => {
    const home = homes[0];
    const applicant = await visitor(chrome, { viewport: phone });
    const status = await apply(applicant.page, home);

    // The specialist finds it in the queue and decides without a mouse.
    const desk1 = await colleague(chrome, "specialist", { viewport: desk });
    await desk1.page.goto(`${at("/applications")}?q=${encodeURIComponent(home.name)}`);
    await desk1.page.keyboard.press("j");
    await desk1.page.keyboard.press("Enter");
    await desk1.page.waitForURL(/\/applications\/[0-9a-z]+$/);
    const record = new URL(desk1.page.url()).pathname;
    const approve = desk1.page.locator('button[name=act][value="approve"]');
    await tabTo(desk1.page, approve);
    await desk1.page.keyboard.press("Enter");
    await desk1.page.waitForURL((url) => url.pathname !== record);
    await desk1.page.goto(record);
    assert.equal(await approve.count(), 0, "it is decided");
    assert.deepEqual(desk1.trouble, []);
    await desk1.context.close();

    // The host hands over the invitation.
    const host = await colleague(chrome, "host", { viewport: desk });
    await host.page.goto(record);
    await host.page.locator(`form[action$="/invite"] button`).click();
    const slip = host.page.locator(".slip");
    await slip.waitFor();
    const invitation = (await slip.textContent()).match(/http:\S+\/join\/[0-9a-z]+/)[0];
    assert.deepEqual(host.trouble, []);
    await host.context.close();

    // The invited person reads the rules and is in.
    await applicant.page.goto(invitation);
    assert.equal(await sticksOut(applicant.page), false);
    await applicant.page.locator('label[for="f-rules"]').click();
    await applicant.page.locator('label[for="f-privacy"]').click();
    await applicant.page.fill("[name=phone]", home.phone);
    await applicant.page.fill("[name=password]", PASSWORD);
    await applicant.page.locator("main form").last().locator("button.button").last().click();
    await applicant.page.waitForURL((url) => url.pathname === at(""));
    assert.ok((await applicant.page.locator("main").textContent()).includes(home.name), "the owner's home greets");
    await applicant.page.goto(status);
    assert.deepEqual(applicant.trouble, []);
    await applicant.context.close();

    // The ledger tells it, in order, to those who oversee.
    const operator = await colleague(chrome, "operator", { viewport: desk });
    const subject = `application:${record.split("/").pop()}`;
    await operator.page.goto(`${at("/ledger")}?subject=${encodeURIComponent(subject)}`);
    const told = await operator.page.$$eval("table.table tbody tr td:nth-child(3)", (all) => all.map((td) => td.textContent.trim()));
    for (const act of ["加入業主群", "發出入群邀請", "通過入群申請", "提交入群申請"]) assert.ok(told.includes(act), told.join());
    assert.deepEqual(operator.trouble, []);
    await operator.context.close();
  });
});
