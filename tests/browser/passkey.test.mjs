// A passkey against Chromium's own authenticator: made, signed in with, shown again, removed.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browser, demo, desk, invitation, sticksOut } from "./house.mjs";

const PASSWORD = "three herons on the wharf";
/** A passkey is bound to a name; an address of numbers has none. */
const named = demo.url.replace("127.0.0.1", "localhost");

let chrome;
before(async () => { chrome = await browser(); });
after(async () => { await chrome.close(); });

test("a colleague makes a passkey, signs in with it, shows it again and removes it", async () => {
  const path = await invitation(chrome);
  const context = await chrome.newContext({ viewport: desk, locale: "en-US", baseURL: named, reducedMotion: "reduce" });
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2", transport: "internal", hasResidentKey: true,
      hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true,
    },
  });
  const keys = async () => (await cdp.send("WebAuthn.getCredentials", { authenticatorId })).credentials;

  await page.goto(path);
  await page.fill("[name=name]", "何平");
  await page.fill("[name=password]", PASSWORD);
  await page.locator("form[data-guard] button:not([type])").click();
  // The role asks for a second factor before anything else; a passkey is one.
  await page.goto("/second-factor/enrol?to=/me");
  await page.locator("form[data-kind=create] button").click();
  await page.waitForURL((url) => url.pathname === "/me");
  assert.equal((await keys()).length, 1, "the device keeps it");
  assert.equal((await keys())[0].isResidentCredential, true);
  assert.equal(await sticksOut(page), false);
  const removing = page.locator("form[action^='/me/keys/'] button");
  assert.equal(await removing.count(), 1);

  await page.locator("form[action='/sign-out'] button").last().click();
  await page.waitForURL((url) => url.pathname === "/sign-in");
  await page.goto("/sign-in/staff?to=/me");
  await page.locator("form[data-passkey] button").click();
  await page.waitForURL((url) => url.pathname === "/me");
  const before = (await keys())[0].signCount;

  await page.goto("/step-up?to=/me");
  await page.locator("form[data-passkey] button").click();
  await page.waitForURL((url) => url.pathname === "/me");
  assert.ok((await keys())[0].signCount > before, "the device signed once more");

  // A device that knows no key of ours is told so, and nothing happens.
  await cdp.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: false });
  await page.goto("/step-up?to=/me");
  await page.locator("form[data-passkey] button").click();
  await page.locator("[data-passkey-failed]").waitFor({ state: "visible" });
  assert.equal(new URL(page.url()).pathname, "/step-up");

  await page.goto("/me");
  await removing.click();
  await removing.waitFor({ state: "detached" });
  await page.context().clearCookies();
  await cdp.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: true });
  await page.goto("/sign-in/staff?to=/me");
  const answered = page.waitForResponse((r) => r.request().method() === "POST" && r.request().isNavigationRequest());
  const shown = page.waitForEvent("load");
  await page.locator("form[data-passkey] button").click();
  assert.ok((await answered).status() >= 400, "a removed key is refused");
  await shown;
  await page.goto("/me");
  assert.equal(new URL(page.url()).pathname, "/sign-in", "a removed key opens nothing");
  await context.close();
});
