// What the browser tests share: the running demo, a real Chromium, and looking for
// trouble that a person would meet.
import { createHash } from "node:crypto";
import { closeSync, existsSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as rest } from "node:timers/promises";
import { chromium } from "playwright-core";

/** What `linli demo --json` printed: its address and a sign-in link per role. */
export const demo = JSON.parse(readFileSync(process.env.LINLI_DEMO, "utf8"));

export const phone = { width: 390, height: 844 };
export const desk = { width: 1440, height: 900 };

/** A Chromium that talks to nobody but the demo. */
export async function browser() {
  return chromium.launch({
    executablePath: process.env.LINLI_CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ],
  });
}

/**
 * A visitor with a clean slate. Every request that leaves the demo and every error
 * on the console is collected in `trouble`.
 */
export async function visitor(chrome, { viewport = phone, locale = "zh-TW", script = true, storageState } = {}) {
  const context = await chrome.newContext({
    viewport, locale, storageState, javaScriptEnabled: script, baseURL: demo.url, reducedMotion: "reduce",
  });
  const page = await context.newPage();
  const trouble = [];
  page.on("console", (m) => { if (m.type() === "error") trouble.push(`console: ${m.text()}`); });
  page.on("pageerror", (e) => trouble.push(`script: ${e.message}`));
  page.on("request", (r) => { if (!r.url().startsWith(demo.url) && !r.url().startsWith("data:") && !r.url().startsWith("blob:")) trouble.push(`outside: ${r.url()}`); });
  page.on("response", (r) => { if (r.status() >= 500) trouble.push(`${r.status()} ${r.url()}`); });
  return { context, page, trouble };
}

/**
 * Where the signed-in state of a role is kept. A link of the demo works once, and the
 * test files run beside each other: the first that comes signs in, the others take its
 * session.
 */
async function signedIn(chrome, role) {
  const link = demo.links[role];
  const kept = join(tmpdir(), `linli-${createHash("sha256").update(link).digest("hex").slice(0, 16)}.json`);
  try {
    closeSync(openSync(`${kept}.lock`, "wx"));
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    const until = Date.now() + 30_000;
    while (!existsSync(kept)) {
      if (Date.now() > until) throw new Error(`nobody signed in as ${role}`);
      await rest(50);
    }
    return kept;
  }
  const context = await chrome.newContext({ baseURL: demo.url });
  const page = await context.newPage();
  await page.goto(link);
  await page.locator("main form button").click();
  await page.waitForURL((url) => url.pathname.startsWith("/c/"));
  // A grave act changes the session's secret: it is done here, before others take the session.
  if (role === "manager") {
    writeFileSync(`${kept}.invitation`, await inviteOnTheWay(page));
  } else {
    await page.goto("/step-up?to=/me");
    if (await page.locator("[data-demo-code]").count()) await showFactor(page, "code");
  }
  await context.storageState({ path: `${kept}.new` });
  renameSync(`${kept}.new`, kept);
  await context.close();
  return kept;
}

/** Shows the second factor with the code that a demo tells. */
async function showFactor(page, field) {
  const code = await page.locator("[data-demo-code]").getAttribute("data-demo-code");
  await page.fill(`[name=${field}]`, code);
  await page.locator("main form").first().locator("button").click();
  await page.waitForLoadState();
}

/** Invites a colleague: the second factor is asked for on the way and the form goes on. */
async function inviteOnTheWay(page) {
  await page.goto(`/c/${demo.slug}/staff`);
  await page.fill("[name=name]", "何平");
  await page.selectOption("form[action$='/staff/invite'] [name=role]", "specialist");
  await page.locator("form[action$='/staff/invite'] button").click();
  await page.waitForSelector("[name=step-up-code]");
  const kept = await page.locator("main form").first().locator("input[name=name]").inputValue();
  if (kept !== "何平") throw new Error(`what was typed is kept, not ${kept}`);
  await showFactor(page, "step-up-code");
  return new URL((await page.locator("main").textContent()).match(/http:\S+\/invite\/[0-9a-z]+/)[0]).pathname;
}

/** The path of an invitation for a specialist, which works once. */
export async function invitation(chrome) {
  return readFileSync(`${await signedIn(chrome, "manager")}.invitation`, "utf8");
}

/** A visitor who is signed in as one of the demo's roles. */
export async function colleague(chrome, role, looks = {}) {
  return visitor(chrome, { ...looks, storageState: await signedIn(chrome, role) });
}

const axe = readFileSync(new URL("./node_modules/axe-core/axe.min.js", import.meta.url), "utf8");

/** Serious and critical findings of axe on the page as it stands. */
export async function axeFindings(page) {
  // Evaluated from outside, so that the page's own policy need not allow it.
  await page.evaluate(axe);
  const result = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return result.violations
    .filter((v) => v.impact === "serious" || v.impact === "critical")
    .map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target.join(" ")).join(" | ")}`);
}

/** Whether something sticks out of the page sideways, which a phone must never show. */
export async function sticksOut(page) {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth + 1);
}
