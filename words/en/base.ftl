# What every page says. One sentence, one key; the key names the place and the thing.
house-name = linli
house-description = What owners and their property office share: notices, repairs, votes and fees, in one place.
skip-to-main = Skip to main content
nav-main = Main navigation
nav-open = Open the menu
nav-home = Home
nav-group = Group
nav-services = Services
nav-me = Me
wing-group = Group
wing-services = Services
wing-archive = Archive
wing-oversight = Oversight
waiting-for-you = Waiting for you:
foot-line = linli · run by this compound’s property office; your data stays here.

switch-lang = Language
switch-text = Text size
switch-text-normal = Normal text
switch-text-large = Large text
switch-theme = Brightness
switch-theme-auto = As device
switch-theme-light = Light
switch-theme-dark = Dark

act-change = Change
act-close = Close
act-print = Print
copy-act = Copy
copy-done = Copied
value-missing = Not given
step-done = Done:
ledger-seq = ledger no. { $seq }

errors-title = A few things need another look
field-optional = (optional)
select-choose = Please choose
password-show = Show password
error-required = Please fill in “{ $label }”.
error-too-long = “{ $label }” may have at most { $max } characters; it has { $count } now.
error-too-short = “{ $label }” needs at least { $min } characters.
error-number = “{ $label }” must be a number.
error-number-range = “{ $label }” must be between { $min } and { $max }.
error-date = “{ $label }” must be a date, such as 2026-01-31.
error-choose = Please choose one under “{ $label }”.
error-tick = Please read and tick “{ $label }”.

mask-reveal = Show in full
mask-reason = Reason for looking
mask-hint = The reason goes into the ledger with your name and the time. The person can see it.
mask-act = Record the reason and show

progress-of = { $done } of { $total } done
progress-stop = Stop and keep what is done

compare-what = Item
compare-verdict = Comparison
verdict-agrees = Same
verdict-differs = Different
verdict-unknown = Cannot compare

list-find = Find
list-filters = Filters
list-mark-all = Select all on this page
list-mark = Select { $what }
list-marked-none = Tick rows to handle them together
list-marked = Selected
list-columns = Columns
list-columns-act = Apply columns
list-pages = Pages
list-shown = { $shown } on this page, { $total } in all
list-before = Previous
list-after = Next

palette-open = Find a room, person, ticket or page
palette-hint = Room code, name, ticket number or page
keys-title = Keyboard
keys-move = Next row, previous row
keys-mark = Select the row
keys-open = Open the row
keys-press = Press the button that shows this letter
keys-find = Find in the list

duration-moment = less than a minute
duration-minutes = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
}
duration-hours = { $count ->
    [one] { $count } hour
   *[other] { $count } hours
}
duration-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
relative-past = { $span } ago
relative-future = in { $span }

problem-home = Go to the home page
problem-back = Go back
problem-code = Code { $status }
problem-401 = Please sign in first
problem-401-what = This page can be read after signing in.
problem-401-next = Sign in and open it again. If your sign-in has expired, signing in once more is enough.
problem-403 = This page is not within your duties
problem-403-what = You are signed in, but another post handles this matter.
problem-403-next = If your work needs it, please ask the supervisor or the operator.
problem-404 = This page cannot be found
problem-404-what = The address may be mistyped, or the page has moved.
problem-404-next = Please check the address, or start again from the home page.
problem-409 = Someone changed this first
problem-409-what = The record changed while you were writing, so your change is not saved yet.
problem-409-next = Go back, reload, read the latest version and send again.
problem-413 = That file is too large
problem-413-what = What you sent is over the limit and is not saved yet.
problem-413-next = Make the pictures smaller or send them in parts, then try again.
problem-422 = Some of this cannot be read
problem-422-what = What was sent is incomplete or in the wrong form, and is not saved yet.
problem-422-next = Go back, check it and send it again.
problem-429 = Please wait a little
problem-429-what = There were many attempts in a short time, so we paused to protect your account.
problem-429-next = Try again in a few minutes. Nothing you wrote is lost.
problem-500 = Something went wrong here
problem-500-what = It is not your fault, and the fault has been recorded.
problem-500-next = Please try again later. If it still fails, call the property office.
problem-busy = Too many people are using this at once. Please send it again in a few seconds; what you typed is still on the page before.
problem-503 = Under maintenance
problem-503-what = linli is not available for the moment. Your data is safe.
problem-503-next = Open this page again in a few minutes. If it is urgent, call the property office.
offline-title = There is no connection now
offline-kept = What you have read in the group can still be opened on this device: go back, or open the group.
offline-sent = What you write without a connection is kept and goes out once when there is one.
offline-again = Try again
