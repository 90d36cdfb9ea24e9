// A dripping tap from the owner's phone to the owner's own word: reported, given, taken and done
// by the technician on a phone that loses its line, confirmed, and asked about by another.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axeFindings, browser, colleague, demo, desk, phone, sticksOut } from "./house.mjs";

const at = (path) => `/c/${demo.slug}${path}`;

let chrome;
before(async () => { chrome = await browser(); });
after(async () => { await chrome.close(); });

const looks = async (page) => {
  assert.equal(await sticksOut(page), false);
  assert.deepEqual(await axeFindings(page), []);
};

test("a report goes from the owner to the desk, the technician and back to the owner", async () => {
  const owner = await colleague(chrome, "owner", { viewport: phone, locale: "zh-TW" });
  await owner.page.goto(at("/my-tickets"));
  await looks(owner.page);
  await owner.page.locator('main a[href$="/my-tickets/new?kind=repair"]').click();
  await looks(owner.page);
  await owner.page.locator("textarea[name=words]").fill("廚房水龍頭滴水，關不緊。");
  await owner.page.locator("main .acts--send button").click();
  await owner.page.waitForURL(/my-tickets\/[0-9a-z]{16}$/);
  await looks(owner.page);
  const own = new URL(owner.page.url()).pathname, id = own.split("/").pop();

  const office = await colleague(chrome, "specialist", { viewport: desk, locale: "zh-TW" });
  await office.page.goto(at("/desk?show=new"));
  await looks(office.page);
  await office.page.locator(`main a[href$="/desk/${id}"]`).click();
  await looks(office.page);
  await office.page.locator("summary", { hasText: "派單" }).click();
  await office.page.locator("#assign-to").selectOption({ label: "羅志強" });
  await office.page.locator("form:has(#assign-to) button").click();
  await office.page.locator("main .tag", { hasText: "已派單" }).first().waitFor();

  const worker = await colleague(chrome, "technician", { viewport: phone, locale: "zh-TW" });
  await worker.page.goto(at("/desk"));
  await looks(worker.page);
  await worker.page.goto(at(`/desk/${id}`));
  await looks(worker.page);
  // In the cellar there is no line: pressed once, kept, and sent when it comes back.
  await worker.context.setOffline(true);
  await worker.page.locator("main form", { has: worker.page.locator('input[value="accept"]') }).locator("button").click();
  await worker.page.locator("[data-unsent]:not([hidden])").waitFor();
  assert.match(await worker.page.locator("[data-unsent]").innerText(), /記在手機上/);
  await worker.context.setOffline(false);
  await worker.page.locator('input[value="start"]').first().waitFor({ state: "attached" });
  await worker.page.locator("main form", { has: worker.page.locator('input[value="start"]') }).locator("button").click();
  await worker.page.locator("#resolve-words").waitFor({ state: "attached" });
  await worker.page.locator("summary", { hasText: "報完成" }).click();
  await worker.page.locator("#resolve-words").fill("換了閥芯，試水十分鐘不滴。");
  await worker.page.locator("form:has(#resolve-words) button").click();
  await worker.page.locator("#resolve-words").waitFor({ state: "detached" });

  await owner.page.goto(own);
  assert.match(await owner.page.locator("main").innerText(), /換了閥芯/);
  await looks(owner.page);
  await owner.page.locator("main form", { has: owner.page.locator('input[value="confirm"]') }).locator("button").click();
  await owner.page.locator("main .tag", { hasText: "業主已確認" }).first().waitFor();

  await office.page.goto(at("/desk-calls"));
  await looks(office.page);
  await office.page.locator(`main a[href$="/desk/${id}"]`).click();
  await office.page.locator('button[name=content][value="yes"]').click();
  await office.page.locator("main .tag", { hasText: "滿意" }).first().waitFor();
  for (const { context, trouble } of [owner, office, worker]) {
    assert.deepEqual(trouble.filter((t) => !/ERR_INTERNET_DISCONNECTED|Failed to fetch/.test(t)), []);
    await context.close();
  }
});
