# Huikuan · words of the interface (English). Keys and variables agree with zh-CN.ftl; the tests of i18n check it.

## Common actions
app-name = Huikuan
save = Save
cancel = Cancel
close = Close
back = Back
next = Next
done = Done
edit = Edit
delete = Delete
add = Add
confirm = Confirm
retry = Try again
search = Search
filter = Filter
share = Send to customer
print = Print
call = Call
undo = Undo stroke
clear = Clear
send = Send
export = Export
more = More
all = All
required = Required
optional = Optional
loading = Loading…
saving = Saving…
skip-to-content = Skip to content
yes = Yes
no = No
none = None
dismiss = Got it
term-unknown = Other (from a newer version)

## Navigation
nav-main = Main navigation
tab-today = Today
tab-customers = Customers
tab-collect = Collect
tab-hand-in = Hand-in
tab-me = Me

## Status line
status-synced = Everything synced · data as of { $time }
status-pending = { $count } not synced · data as of { $time }
status-offline = No signal · data as of { $time }
status-offline-pending = No signal · { $count } kept on this phone
status-syncing = Syncing { $count }…
status-rejected = { $count } not accepted, tap to see why
status-open = Show sync details

## Dates and quantities
day-today = today
day-yesterday = yesterday
day-before-yesterday = 2 days ago
day-tomorrow = tomorrow
day-after-tomorrow = in 2 days
day-ago = { $days } days ago
day-in = in { $days } days
weekday-1 = Monday
weekday-2 = Tuesday
weekday-3 = Wednesday
weekday-4 = Thursday
weekday-5 = Friday
weekday-6 = Saturday
weekday-7 = Sunday
date-weekday = { $weekday } { $day }/{ $month }
date-long = { $year }-{ $month }-{ $day }
duration-under-minute = under 1 min
duration-minutes = { $minutes } min
duration-hours = { $hours } h
duration-hours-minutes = { $hours } h { $minutes } min
duration-days = { $days ->
    [one] 1 day
   *[other] { $days } days
 }
duration-seconds = { $seconds } s
just-now = just now
minutes-ago = { $minutes } min ago
hours-ago = { $hours } h ago
distance-metres = { $metres } m
distance-kilometres = { $kilometres } km
accuracy = ±{ $metres } m
overdue-days = { $days ->
    [one] 1 day overdue
   *[other] { $days } days overdue
 }
due-today = due today
due-in-days = { $days ->
    [one] due in 1 day
   *[other] due in { $days } days
 }

## Components
amount-entered = Amount
pad-label = Number pad
pad-backspace = Delete digit
pad-point = Decimal point
pad-double-zero = Double zero
field-date-pick = Pick a date
letter-label = Letter
seal-cleared = 收讫
seal-cleared-label = Confirmed by finance, { $date }
qr-label = QR code
sign-title = Please sign
sign-turn = Turn the phone and let the customer sign with a finger
sign-tap = Tap here to sign
sign-again = Sign again
sign-none = Not signed yet
sign-done = Use signature
sign-label = Signature: { $name }
sign-too-short = Too few strokes, please sign in full
sign-area = Signature area, write with a finger
photo-add = Take photo
photo-open = Open photo: { $caption }
photo-waiting = Photo waiting to be sent
photo-missing = Photo not downloaded yet
map-none = No position
map-no-customer = Customer's place not confirmed yet
map-at-customer = On site, { $distance }
map-away = { $distance } away
map-label = Check-in position, { $distance } from the customer
map-label-alone = Check-in position
journey-title = Where this record stands
journey-saved = Saved on phone
journey-sent = Sent
journey-booked = In the ledger
journey-confirmed = Confirmed by finance
journey-waiting = waiting for signal
journey-rejected = Not accepted
step-done = done
step-now = in progress
step-todo = not yet
step-failed = failed
comment-placeholder = Write to { $name }…
comment-new = Write a comment
comment-merged = written offline, merged { $time }
comment-none = No comments yet
lang-label = Language

## Terms
role-rep = Salesperson
role-supervisor = Supervisor
role-finance = Finance
role-admin = Administrator
visit-purpose-collect = Collect
visit-purpose-remind = Remind
visit-purpose-reconcile = Reconcile account
visit-purpose-routine = Routine visit
visit-purpose-other = Other
visit-result-paid_in_full = Paid in full
visit-result-paid_partly = Paid in part
visit-result-promised = Promise signed
visit-result-unpaid = Not paid
visit-result-disputed = Account disputed
visit-result-nobody_met = Nobody in charge met
visit-result-not_asked = Money not discussed
unpaid-reason-no_cash = No money in the account
unpaid-reason-goods_unsold = Goods not sold yet
unpaid-reason-statement_differs = Account differs
unpaid-reason-decision_maker_away = Decision maker away
unpaid-reason-quality_dispute = Quality or return dispute
unpaid-reason-awaiting_own_debtors = Waiting for own customers to pay
unpaid-reason-unwilling = Unwilling to pay
unpaid-reason-other = Other
warning-sign-asks_for_longer_terms = Asks for longer terms
warning-sign-orders_fall = Orders fell suddenly
warning-sign-sales_worsen = Sales worsened suddenly
warning-sign-staff_leave = Staff complain or leave
warning-sign-owner_elsewhere = Owner busy elsewhere
warning-sign-shop_for_transfer = Shop to be transferred
warning-sign-partners_split = Partners split
warning-sign-leaving_trade = Wants out of the trade
promise-state-pending = Pending
promise-state-partly_kept = Partly kept
promise-state-kept = Kept
promise-state-broken = Broken
promise-state-cancelled = Cancelled
method-cash = Cash
method-transfer = Bank transfer
method-cheque = Cheque
method-acceptance_bill = Acceptance bill
method-wechat = WeChat Pay
method-alipay = Alipay
receipt-state-posted = In the ledger
receipt-state-in_transit = In transit
receipt-state-void_pending = Void pending
receipt-state-voided = Voided
receipt-state-cleared = Cleared
contact-role-decision_maker = Decision maker
contact-role-payer = Payer
contact-role-accountant = Accountant
contact-role-other = Other
settlement-prepaid = Prepaid
settlement-cash_on_delivery = Cash on delivery
settlement-monthly = Monthly
settlement-quarterly = Quarterly
settlement-instalments = Instalments
book-field-best_time = Best time
book-field-who_pays = Who pays
book-field-who_decides = Who decides
book-field-purchase_cycle = Purchase cycle
book-field-payment_cycle = Payment cycle
book-field-stock_sold = Goods sold
book-field-remark = Remark
status-waiting = waiting to be sent
