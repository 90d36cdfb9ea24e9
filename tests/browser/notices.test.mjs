// A notice from the desk to the phone: written, approved by another, read, confirmed
// without script, asked about, and the lists that the office follows.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axeFindings, browser, colleague, demo, desk, phone, sticksOut } from "./house.mjs";

let chrome;
before(async () => { chrome = await browser(); });
after(async () => { await chrome.close(); });

const at = (path) => `/c/${demo.slug}${path}`;
const title = "東門道閘檢修";

async function press(page, name) {
  await page.getByRole("button", { name, exact: true }).first().click();
  await page.waitForLoadState();
}

test("one writes, another approves, a household confirms and asks", async () => {
  const writer = await colleague(chrome, "specialist", { viewport: desk });
  await writer.page.goto(at("/notices/new"));
  await writer.page.fill("[name=title]", title);
  await writer.page.fill("[name=body]", "週三上午檢修，請走北門。");
  await writer.page.fill("[name=places]", "沒有這個地方");
  await press(writer.page, "存為草稿");
  assert.match(await writer.page.locator(".errors").innerText(), /沒有這個地方/, "the line is named");
  assert.equal(await writer.page.inputValue("[name=title]"), title, "what was written is kept");
  await writer.page.fill("[name=places]", "");
  await writer.page.locator("label[for=f-asks]").click();
  await press(writer.page, "算算會發給幾戶");
  assert.match(await writer.page.locator(".banner").innerText(), /1,\d{3} 戶/);
  await press(writer.page, "存為草稿");
  const path = new URL(writer.page.url()).pathname;
  await press(writer.page, "送審");
  assert.deepEqual(await axeFindings(writer.page), []);

  const manager = await colleague(chrome, "manager", { viewport: desk });
  await manager.page.goto(path);
  await press(manager.page, "核准發布");
  assert.deepEqual(await axeFindings(manager.page), []);

  // The owner's phone has no script: reading, confirming and asking are plain forms.
  const owner = await colleague(chrome, "owner", { viewport: phone, script: false });
  await owner.page.goto(at("/my/notices"));
  await owner.page.locator("a.notice-link", { hasText: title }).first().click();
  await press(owner.page, "我知道了");
  assert.equal(await owner.page.getByText("您家已確認知道").count(), 1);
  await owner.page.fill("[name=question]", "行人也走北門嗎？");
  await press(owner.page, "提問");
  assert.match(await owner.page.locator("#questions").innerText(), /行人也走北門嗎/);

  await manager.page.goto(`${path}/reach?list=done`);
  assert.equal(await manager.page.locator("td a.row-link").count(), 1, "one household knows");
  assert.deepEqual(await axeFindings(manager.page), []);
  for (const paper of ["poster.pdf", "sheet.pdf"]) {
    const pdf = await manager.page.request.get(`${path}/${paper}`);
    assert.equal(pdf.headers()["content-type"], "application/pdf", paper);
  }
  // The faulty form was answered with 422, which a console calls an error.
  const trouble = [...writer.trouble, ...manager.trouble, ...owner.trouble];
  assert.deepEqual(trouble.filter((line) => !line.includes("422")), []);
  for (const one of [writer, manager, owner]) await one.context.close();
});

test("a member's notices fit the phone in every language, large and dark", async () => {
  for (const locale of ["zh-TW", "zh-CN", "en-US"]) {
    const { context, page, trouble } = await colleague(chrome, "owner", { locale });
    await context.addCookies([{ name: "linli-text", value: "large", url: demo.url }]);
    await page.goto(at("/my/notices"));
    assert.equal(await sticksOut(page), false, `${locale}: the list`);
    assert.deepEqual(await axeFindings(page), []);
    await page.locator("a.notice-link").first().click();
    await page.waitForLoadState();
    assert.equal(await sticksOut(page), false, `${locale}: a notice`);
    assert.deepEqual(await axeFindings(page), []);
    await page.goto(at("/my/notifications"));
    assert.equal(await sticksOut(page), false, `${locale}: how to be reached`);
    assert.deepEqual(await axeFindings(page), []);
    assert.deepEqual(trouble, []);
    await context.close();
  }
});
