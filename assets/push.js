// Push: asks the browser for its address and keys, and sends them with the form they stand in. Silent where there is none.
(() => {
  "use strict";
  const worker = navigator.serviceWorker;
  if (!worker || !window.PushManager || !window.Notification || !window.isSecureContext) return;
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  for (const form of document.querySelectorAll("form[data-push]")) {
    worker.register("/sw.js").then(() => { form.hidden = false; }, () => {});
    form.addEventListener("submit", async (event) => {
      const { endpoint, p256dh, auth } = form.elements;
      if (endpoint.value) return;
      event.preventDefault();
      try {
        if (await Notification.requestPermission() !== "granted") throw new Error("refused");
        const { pushManager } = await worker.ready;
        // A subscription made for another key of ours is of no use any more.
        const old = await pushManager.getSubscription();
        if (old && text(old.options.applicationServerKey ?? new ArrayBuffer(0)) !== form.dataset.push) await old.unsubscribe();
        const made = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(form.dataset.push) });
        p256dh.value = text(made.getKey("p256dh"));
        auth.value = text(made.getKey("auth"));
        endpoint.value = made.endpoint;
        form.requestSubmit();
      } catch {
        form.querySelector("[data-push-refused]").hidden = false;
      }
    });
  }
})();
