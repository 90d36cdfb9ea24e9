// Passkeys: asks the house for a challenge, the device for its answer, and sends that with the form it stands in.
(() => {
  "use strict";
  if (!window.PublicKeyCredential || !window.isSecureContext) return;
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) => buffer && btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const known = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

  const create = async ({ publicKey: asked }) => {
    const made = await navigator.credentials.create({ publicKey: {
      ...asked, challenge: bytes(asked.challenge), excludeCredentials: known(asked.excludeCredentials),
      user: { ...asked.user, id: bytes(asked.user.id) } } });
    return { id: made.id, rawId: text(made.rawId), type: made.type, extensions: {}, response: {
      attestationObject: text(made.response.attestationObject), clientDataJSON: text(made.response.clientDataJSON),
      transports: made.response.getTransports?.() ?? [] } };
  };
  const get = async ({ publicKey: asked }) => {
    const got = await navigator.credentials.get({ publicKey: {
      ...asked, challenge: bytes(asked.challenge), allowCredentials: known(asked.allowCredentials) } });
    return { id: got.id, rawId: text(got.rawId), type: got.type, extensions: {}, response: {
      authenticatorData: text(got.response.authenticatorData), clientDataJSON: text(got.response.clientDataJSON),
      signature: text(got.response.signature), userHandle: text(got.response.userHandle) } };
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      // A form on its way may have fields of these names itself: there ours are named apart.
      const mine = (name) => form.elements[`step-up-${name}`] ?? form.elements[name];
      const [credential, challenge] = [mine("credential"), mine("challenge")];
      if (credential.value) return;
      event.preventDefault();
      try {
        const answer = await fetch(form.dataset.passkey, { method: "POST", headers: { "x-csrf": document.querySelector('meta[name="csrf"]').content } });
        if (!answer.ok) throw new Error(String(answer.status));
        const offer = await answer.json();
        if (offer.first) { location.assign(offer.first); return; }
        const made = form.dataset.kind === "create" ? await create(offer.options) : await get(offer.options);
        challenge.value = offer.challenge;
        credential.value = JSON.stringify(made);
        form.requestSubmit();
      } catch {
        form.querySelector("[data-passkey-failed]").hidden = false;
      }
    });
  }
})();
