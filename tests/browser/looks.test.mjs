// Every role's main pages, as a person meets them: readable to a machine that reads
// aloud, whole on a phone, quiet on the console, asking nothing of the outside.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { axeFindings, browser, colleague, demo, desk, phone, sticksOut, visitor } from "./house.mjs";

/** What the owner's home may weigh on its first load (spec: a phone on a bad line). */
const FIRST_LOAD_MAX = 100 * 1024;
/** The office's bar is read at a glance; beyond this it needs other wings. */
const ENTRIES_MAX = 20;

const at = (path) => `/c/${demo.slug}${path}`;

let chrome;
before(async () => { chrome = await browser(); });
after(async () => { await chrome.close(); });

/** What axe has seen: the same page of two roles is asked once, because asking is slow. */
const seen = new Set();

/** Looks at one page in all that a person could trip over. */
async function look(page, trouble, path, width) {
  const answer = await page.goto(path);
  const what = `${path} at ${width} px`;
  assert.equal(answer.status(), 200, what);
  assert.equal(await sticksOut(page), false, `${what}: nothing sticks out`);
  // Apart from the proofs of forms, which differ with every reader.
  const main = (await page.locator("main").innerHTML()).replace(/value="[^"]{20,}"/g, "");
  if (!seen.has(main + width)) {
    seen.add(main + width);
    assert.deepEqual(await axeFindings(page), [], what);
  }
  assert.deepEqual(trouble, [], what);
}

/** Looks at every page of the reader's own bar, and at the first record of each list. */
async function lookAround(page, trouble, width, lang) {
  await page.goto(at(""));
  const bar = await page.$$eval("nav.bar a, nav.side a", (all) => all.map((a) => a.getAttribute("href")));
  assert.ok(bar.length >= 2, "there is a bar");
  assert.ok(bar.length <= ENTRIES_MAX, "and it can be overlooked");
  const records = new Set(), seen = [...bar];
  for (const href of seen) {
    await look(page, trouble, href, width);
    // What a page of the bar leads to from its head is one of the reader's pages too.
    if (bar.includes(href)) {
      const links = await page.$$eval("main p.links a", (all) => all.map((a) => a.getAttribute("href")));
      for (const link of links) if (link.startsWith("/") && !seen.includes(link)) seen.push(link);
    }
    assert.equal(await page.locator("html").getAttribute("lang"), lang);
    const first = page.locator("a.row-link, main a.card-link").first();
    if (await first.count()) records.add(await first.getAttribute("href"));
  }
  for (const href of records) if (!seen.includes(href)) await look(page, trouble, href, width);
}

const ROLES = Object.keys(demo.links);
/** Pages that no bar leads to at once. */
const ASIDE = {
  owner: ["/my-fees", "/my-arrears", "/my-matters", "/my-tickets", "/my-tickets/new?kind=repair", "/my-tickets/new?kind=complaint"],
  committee: ["/complaints"],
  specialist: ["/desk/new", "/desk-calls", "/desk-duty"],
  supervisor: ["/desk-settings", "/desk?list=complaints"],
};

for (const [locale, lang] of [["zh-TW", "zh-Hant"], ["en-US", "en"]]) {
  describe(`every page of every bar, in ${lang}`, () => {
    for (const role of ROLES) {
      test(`${role}`, async () => {
        const { context, page, trouble } = await colleague(chrome, role, { viewport: phone, locale });
        await lookAround(page, trouble, phone.width, lang);
        for (const path of ASIDE[role] ?? []) await look(page, trouble, at(path), phone.width);
        await context.close();
      });
    }

    test("strangers: sign-in, applying, and a page that is not there", async () => {
      const { context, page, trouble } = await visitor(chrome, { locale });
      for (const path of ["/sign-in", "/sign-in/staff", at("/apply")]) await look(page, trouble, path, phone.width);
      const answer = await page.goto(at("/nothing-of-this-name"));
      assert.equal(answer.status(), 404);
      assert.deepEqual(await axeFindings(page), []);
      await context.close();
    });
  });
}

/** Pages that no bar leads to straight: by role, with the record that stands first in each. */
const BEHIND = {
  specialist: ["/changes", "/changes?state=checked", "/transfers"],
  manager: ["/seals", "/transfers"],
  owner: ["/my/contact"],
};

for (const [locale, lang] of [["zh-TW", "zh-Hant"], ["en-US", "en"]]) {
  for (const [role, paths] of Object.entries(BEHIND)) {
    test(`changes, transfers and seals as ${role}, in ${lang}`, async () => {
      const { context, page, trouble } = await colleague(chrome, role, { viewport: phone, locale });
      for (const path of paths) {
        await look(page, trouble, at(path), phone.width);
        const first = page.locator("a.row-link").first();
        if (await first.count()) await look(page, trouble, await first.getAttribute("href"), phone.width);
      }
      await context.close();
    });
  }
}

test("the office's pages fit a wide screen too", async () => {
  const { context, page, trouble } = await colleague(chrome, "manager", { viewport: desk });
  await lookAround(page, trouble, desk.width, "zh-Hant");
  await context.close();
});

test("the census's pages are whole in both languages, on phone and desk", async () => {
  for (const [role, paths] of [["specialist", ["/census", "/census/round?more=yes", "/census/answers"]], ["supervisor", ["/census", "/census/coverage"]], ["owner", ["/my/census"]]]) {
    for (const [locale, viewport] of [["zh-TW", phone], ["en-US", phone], ["zh-TW", desk]]) {
      const { context, page, trouble } = await colleague(chrome, role, { viewport, locale });
      for (const path of paths) await look(page, trouble, at(path), viewport.width);
      await context.close();
    }
  }
});

test("the owner's home is light on its first load", async () => {
  const { context, page } = await colleague(chrome, "owner");
  const wire = await context.newCDPSession(page);
  let bytes = 0;
  await wire.send("Network.enable");
  await wire.send("Network.setCacheDisabled", { cacheDisabled: true });
  wire.on("Network.loadingFinished", (event) => { bytes += event.encodedDataLength; });
  await page.goto(at(""), { waitUntil: "networkidle" });
  assert.ok(bytes > 1024, "something was measured");
  assert.ok(bytes < FIRST_LOAD_MAX, `${bytes} bytes`);
  await context.close();
});

describe("language, large text and dark, without script", () => {
  test("each switch holds on the next page", async () => {
    const { context, page, trouble } = await visitor(chrome, { script: false });
    const html = page.locator("html");
    const press = async (name, value, attribute, expected) => {
      await page.goto("/sign-in");
      await page.locator(`.switches button[name=${name}][value="${value}"]`).click();
      await page.waitForURL((url) => url.pathname === "/sign-in");
      assert.equal(await html.getAttribute(attribute), expected);
      await page.goto(at("/apply"));
      assert.equal(await html.getAttribute(attribute), expected, "and elsewhere");
      assert.equal(await sticksOut(page), false);
    };
    await press("lang", "zh-Hans", "lang", "zh-Hans");
    await press("lang", "en", "lang", "en");
    await press("text", "large", "data-text", "large");
    await press("theme", "dark", "data-theme", "dark");
    const back = await page.evaluate(() => getComputedStyle(document.body).backgroundColor).catch(() => null);
    if (back) assert.notEqual(back, "rgb(246, 245, 241)", "the paper is dark");
    assert.deepEqual(trouble, []);
    await context.close();
  });
});

test("the next page of every long list is another page", async () => {
  const lists = [
    ["specialist", "/roster"], ["specialist", "/files"], ["specialist", "/files?show=missing"], ["specialist", "/files/missing"],
    ["specialist", "/files/catalog"], ["specialist", "/census"], ["specialist", "/handover"], ["manager", "/fees"],
    ["manager", "/viewings-register"], ["specialist", "/arrears"],
  ];
  let long = 0;
  for (const [role, path] of lists) {
    const { context, page } = await colleague(chrome, role, { viewport: desk });
    const seen = new Set();
    await page.goto(`/c/${demo.slug}${path}`);
    for (let turn = 0; turn < 3; turn += 1) {
      const first = await page.locator("main tbody tr").first().innerText();
      assert.ok(!seen.has(first), `${path}, page ${turn + 1} is one that was there: ${first}`);
      seen.add(first);
      const next = page.locator("a[rel=next]").last();
      if (!(await next.count())) break;
      if (turn === 0) long += 1;
      await next.click();
      await page.waitForLoadState();
    }
    await context.close();
  }
  assert.ok(long >= 6, `${long} of the lists have a second page`);
});
