# Fees
fees-title = Fees
fees-items = Fee items
fees-day = Day book
fees-month = Monthly bills
fees-statement = Statement of account
fees-mine = My fees
fees-overdue = Overdue
fees-owed = Unpaid
fees-credit = Paid ahead
fees-credit-all = Paid ahead, all
fees-not-due = Not due yet
fees-rooms = { $count ->
    [one] { $count } room
   *[other] { $count } rooms
  }
fees-age-all = Any age
fees-age-30 = 1–30 days
fees-age-60 = 31–60 days
fees-age-90 = 61–90 days
fees-age-older = Over 90 days
fees-item-all = All items
fees-sort-oldest = Longest overdue first
fees-sort-amount = Largest first
fees-sort-room = By room
fees-find = Room or owner’s name
fees-nobody = No arrears here
fees-nobody-text = Try another filter; without any filter, everybody has paid.
fees-sum-of-list = { $sum } in this list
fees-room = Room
fees-owners = Owners
fees-bills = Bills
fees-payments = Payments
fees-oldest-due = Oldest due date
fees-days = Days overdue
fees-days-late = The oldest is { $days } days overdue
fees-plan = Instalment plan
fees-plan-runs = Paying by instalments
fees-plan-new = Agree instalments…
fees-plan-first = First instalment on
fees-plan-count = Number of instalments
fees-plan-each = Each instalment (yuan)
fees-plan-act = Agree this plan
fees-plan-done = The plan is agreed.
fees-plan-end = End the plan
fees-plan-ended = The plan has ended.
fees-no-bills = No bills yet.
fees-no-payments = No payments yet.
fees-item = Item
fees-period = Month
fees-period-hint = Such as 2026-03
fees-due = Due date
fees-amount = Amount (yuan)
fees-amount-hint = Part payments are fine; what is over stays as paid ahead.
fees-corrected = Corrections
fees-corrections = Adjustments and write-offs
fees-adjusted = Adjusted
fees-written-off = Written off
fees-paid = Paid
fees-state = State
fees-state-void = Void
fees-state-overdue = Overdue
fees-state-open = To pay
fees-state-settled = Paid
fees-receipt = Receipt no.
fees-receipt-hint = Leave empty to have it numbered.
fees-paid-on = Received on
fees-way = Paid by
fees-way-cash = Cash
fees-way-transfer = Bank transfer
fees-way-wechat = WeChat
fees-way-alipay = Alipay
fees-way-card = Card
fees-way-other = Other
fees-payer = Payer
fees-note = Note
fees-reason = Reason
fees-pay = Record a payment
fees-pay-act = Record this payment
fees-paid-done = { $amount } recorded, receipt { $number }.
fees-void-open = Void…
fees-void-payment = Void this payment
fees-payment-voided = The payment is void; its bills are open again.
fees-add-bill = Add a bill by hand…
fees-add-bill-act = Add this bill
fees-bill-added = The bill was added.
fees-bill-changed = The bill was changed.
fees-by-item = Arrears by item
fees-adjust = Adjust
fees-adjust-by = By how much (yuan)
fees-adjust-hint = Negative to reduce, such as -50. What was paid too much becomes paid ahead.
fees-adjust-act = Adjust this bill
fees-write-off = Write off
fees-write-off-hint = What is written off is no longer asked for. Whoever takes money cannot write off.
fees-write-off-act = Write this off
fees-void-bill = Void the bill…
fees-void-bill-hint = The bill will no longer be owed; what was paid on it becomes the room’s credit.
fees-void-bill-act = Void this bill
fees-as-of = as of { $day }
fees-statement-foot = With questions, please bring this sheet to the service centre. Payment until 24:00 of the due date is in time.
fees-month-look = Show
fees-month-bills = Bills to make
fees-month-total = Total
fees-month-rooms = Rooms
fees-month-already = Billed already
fees-month-no-area = Area unknown
fees-month-unknown = { $count ->
    [one] The area of { $count } room is unknown, so it has no bill. Please add it to the roster first.
   *[other] The area of { $count } rooms is unknown, so they have no bill. Please add it to the roster first.
  }
fees-month-rounding = Each bill is rounded half up to the fen. A room, an item and a month have one bill.
fees-month-act = { $count ->
    [one] Make { $count } bill
   *[other] Make { $count } bills
  }
fees-month-done = { $bills ->
    [one] { $bills } bill made, { $total } in all.
   *[other] { $bills } bills made, { $total } in all.
  }
fees-month-none = No item was ticked; no bill was made.
fees-month-no-items = No item can be billed this month
fees-month-no-items-text = Set fee items and rates first; metered items are imported or added by hand.
fees-received = Received
fees-day-empty = Try another date.
fees-items-none = No fee items yet
fees-items-none-text = Add the property fee with its rate to make monthly bills.
fees-item-name = Name
fees-item-new = New fee item
fees-item-change = Change the fee item
fees-item-act = Save the item
fees-item-saved = The fee item is saved.
fees-kind = Kind
fees-kind-property = Property fee
fees-kind-water = Water
fees-kind-electricity = Electricity
fees-kind-parking = Parking
fees-kind-other = Other
fees-basis = Computed
fees-basis-area = By area
fees-basis-fixed = Fixed amount
fees-basis-given = As metered (imported or by hand)
fees-unit-area = yuan/m² a month
fees-unit-fixed = yuan a month
fees-rate = Rate
fees-rate-hint = By area: yuan per m² and month, at most four decimals. Fixed: yuan per month.
fees-rate-new = New rate
fees-rate-from = From which month
fees-rate-act = Set the new rate
fees-applies = Rooms
fees-applies-hint = Leave open for all rooms.
fees-purpose-residence = Residences
fees-purpose-shop = Shops
fees-purpose-parking = Parking spaces
fees-purpose-other = Other use
fees-due-day = Due on day
fees-due-day-hint = The last day of the month where it is shorter.
fees-due-months = Due so many months later
fees-from = First month
fees-until = Last month
fees-mine-none = No room is registered to you yet
fees-mine-none-text = If you own one, please ask the service centre to check the roster.
fees-mine-open = { $amount } to pay, not due yet.
fees-mine-clear = All fees are paid. Thank you.
fees-mine-overdue = { $amount } is past its due date. Please pay when you can.
fees-mine-credit = You have paid { $amount } ahead; it goes to your next bill.
fees-mine-more = Earlier bills
fees-mine-pay-by = Please pay by { $day }
fees-mine-foot = With questions, please ask the service centre. Arrears never affect your notices, repairs, votes or your rights over your data.
fees-error-name = A name has 1 to 60 characters.
fees-error-name-taken = There is a fee item of this name.
fees-error-due-day = The due day is 1 to 31, at most 12 months later.
fees-error-months = The month is not right, or the last lies before the first.
fees-error-no-rates = This item is billed as metered and has no rate.
fees-error-amount = Please give an amount above zero in yuan, with at most two decimals.
fees-error-rate = Please give a rate above zero: at most four decimals by area, two when fixed.
fees-error-period = Please give a month, such as 2026-03.
fees-error-billed = This room has a bill of this item and month already.
fees-error-reason = Please give a reason of at most 500 characters.
fees-error-note = A note has at most 500 characters.
fees-error-more = Only { $owed } is owed on this bill.
fees-error-below = A bill cannot fall below zero; { $left } is left of it.
fees-error-ahead = The payment cannot be dated after today.
fees-error-receipt-long = A receipt number has at most 40 characters.
fees-error-receipt = This receipt number is used already, or this form was sent before.
fees-error-again = This form was sent before and is done.
fees-error-void = It is void already.
fees-error-not-today = This payment was recorded on { $day }; after that day the manager voids it.
fees-error-cashier = Whoever takes money cannot adjust or write off; please ask another manager.
fees-error-plan = A plan has 1 to 36 instalments, beginning today or later.
fees-error-plan-active = This room has a running plan.
fees-error-plan-ended = This plan has ended already.

# The nightly exchange of files with the office's fee system
fees-exchange = File exchange
fees-exchange-settings = File exchange settings
fees-exchange-lead = Each night, bills and payments that the office’s fee system lays into a folder (.csv or .xlsx) are taken in, and bills and balances are laid out.
fees-exchange-hour = Time
fees-exchange-hour-hint = At what time each night, such as 02:30.
fees-exchange-off = Turned off
fees-exchange-last = Last exchange
fees-exchange-never = never yet
fees-exchange-run = Exchange now
fees-exchange-begun = Begun; reload this page in a while to see how it went
fees-exchange-files = Files taken
fees-exchange-no-files = No file was taken yet.
fees-exchange-file = File
fees-exchange-when = When
fees-exchange-ended = Outcome
fees-exchange-what = What was taken
fees-exchange-none = Not set up
fees-exchange-none-text = Once the operator has named a folder, files are exchanged every night.
fees-exchange-good = Done
fees-exchange-faults = Taken in part
fees-exchange-failed = Failed
fees-exchange-again = A repeat, not taken again
fees-exchange-why-folder = The folder cannot be opened or written.
fees-exchange-why-file = The file cannot be read.
fees-exchange-why-table = No table of bills or payments was recognised.
fees-exchange-why-large = The file is too large.
fees-exchange-why-busy = Another import is under way; left for the next time.
fees-exchange-brought = { $files ->
    [one] { $files } file
   *[other] { $files } files
  }: { $bills ->
    [one] { $bills } bill
   *[other] { $bills } bills
  }, { $payments ->
    [one] { $payments } payment
   *[other] { $payments } payments
  }, { $faults } cells not taken; { $out } bills laid out
fees-exchange-file-brought = { $bills ->
    [one] { $bills } bill
   *[other] { $bills } bills
  }, { $payments ->
    [one] { $payments } payment
   *[other] { $payments } payments
  }, { $faults } cells not taken
fees-exchange-folder = Folder
fees-exchange-folder-hint = Its whole path on the server, such as /srv/exchange/chunhe; in, out, done and failed are made in it.
fees-exchange-active = Exchange every night
fees-exchange-save = Save
fees-exchange-set = Saved
fees-exchange-how = How the folder is used
fees-exchange-how-in = The other system lays its files here; they are taken a minute after they were written
fees-exchange-how-done = Files of which everything was taken are moved here
fees-exchange-how-failed = Files with faults are moved here, with a list of the faults beside them; mend them and lay them back into in
fees-exchange-how-out = bills.csv and balances.csv are renewed every night
fees-error-folder = Give the whole path of a folder on the server that can be written, outside linli’s own data.
fees-error-hour = Give a time from 00:00 to 23:59, such as 02:30.
