assistant-title = Assistant’s answers
assistant-ask-title = Ask
assistant-ask-note = Fees, repairs, parking … answered at once
assistant-lead = What owners ask again and again is answered from here; what is not here comes to you.
assistant-question = What would you like to know?
assistant-question-hint = One thing at a time, for example “How do I pay the management fee”.
assistant-send = Ask
assistant-you-asked = You asked
assistant-empty = Just ask
assistant-empty-text = Answers are written by the office and show their source and day. In danger call 119, 120 or 110 at once.
assistant-before = Asked before
assistant-privacy = Only you and the office see your questions; they are deleted after half a year.
assistant-which = Which of these do you mean?
assistant-none = None of these, ask a person
assistant-refused = There is no answer to this yet. A person can take it; the clock runs from your first question.
assistant-hand = Ask a person
assistant-handed = With the office now: a person will answer, and the assistant stays silent until then.
assistant-down = Not what I meant
assistant-confirmed = confirmed { $day }
assistant-call = Call { $number }
assistant-call-duty = Call on-duty { $number }
assistant-urgent-if = This is advice only: nobody has been told. If it is happening, call at once.
assistant-urgent-now = It is happening: open an urgent ticket
assistant-danger-gas = Gas leak: open windows, close the main valve, touch no switch, call from outside.
assistant-danger-fire = Fire or smoke: leave at once by the stairs, keep low, cover nose and mouth, warn the neighbours.
assistant-danger-lift = Trapped in a lift: press the alarm, do not force the doors, stand by the wall and wait.
assistant-danger-hurt = Somebody is hurt: do not move them, call the ambulance, send somebody to the gate.
assistant-danger-crime = A crime: get to a safe place first, do not resist, call the police.
assistant-danger-water = Flooding: stay away from sockets and boxes, close the main valve if you can, keep out of a flooded garage.
assistant-danger-fall = Something falls or may fall: get away from below, hold others back, do not go and look.
assistant-danger-power = Live current: do not pull with your hands, cut the power first, stay away from water and hanging wires.
assistant-danger-child = Somebody is lost or locked in: note the last place and the clothes, call the police, tell the gate.
assistant-got-waiting = waiting for a person
assistant-got-danger = urgent
assistant-got-met = taken up by the office
assistant-got-answer = answered
assistant-got-nothing = no answer
assistant-did-down = Noted; the office will mend this answer.
assistant-did-hand = Handed to the office.
assistant-live-owed = { $room } owes { $sum }
assistant-new = New answer
assistant-work = Open questions
assistant-figures = How the assistant does
assistant-places = Fill in this compound’s details
assistant-none-yet = No answers yet
assistant-none-yet-text = Begin with the questions that come along: more than two hundred topics in eight thousand phrasings; fill in phones, places and rates and they can be used.
assistant-start = Take over the starter base
assistant-find = Topic or phrasing
assistant-ready = Publish every draft that is filled in
assistant-found-none = No answer fits.
assistant-next = Next page
assistant-open = Not filled in: { $places }
assistant-preview = As owners see it
assistant-field-topic = Code
assistant-field-topic-hint = Small letters, digits and hyphens, for example fee-pay; never changed later.
assistant-field-title = Topic
assistant-field-state = State
assistant-field-phrasings = Phrasings
assistant-field-phrasings-hint = One a line, as owners say it; no names, rooms or phones.
assistant-field-changed = Changed
assistant-field-answer = Answer
assistant-field-answer-hint = **bold** and lines that begin with “- ”; { "{" }office_phone{ "}" } and the like come from this compound’s details.
assistant-field-whom = For
assistant-field-buildings = Buildings or phases
assistant-field-buildings-hint = Separated by spaces, e.g. 3棟 二期; empty means the whole compound.
assistant-field-live = With the asker’s own
assistant-field-from = Valid from
assistant-field-to = Valid to
assistant-field-source = Rests on
assistant-field-source-hint = When it changes, the answer is taken out until somebody confirms it again.
assistant-field-risk = Belongs beside the emergency card
assistant-save = Save
assistant-publish = Publish
assistant-confirm = Still true, confirm
assistant-undo = Go back to this
assistant-withdraw = Withdraw
assistant-state-draft = draft
assistant-state-published = published
assistant-state-expired = to be confirmed
assistant-state-withdrawn = withdrawn
assistant-why-source = What it rests on has changed.
assistant-why-day = Its last day is over.
assistant-whom-all = everybody
assistant-whom-owner = owners
assistant-whom-tenant = tenants
assistant-live-nothing = nothing
assistant-live-fees = fees
assistant-live-tickets = tickets
assistant-live-hours = opening hours
assistant-live-notices = latest notices
assistant-source-office = the property office
assistant-source-notice = a notice
assistant-source-rules = the group’s rules
assistant-did-save = Saved. It takes effect when published; what was published goes on answering.
assistant-did-undo = Restored as a new version; it takes effect when published.
assistant-did-publish = Published.
assistant-did-withdraw = Withdrawn.
assistant-did-start = Taken over as drafts; fill in this compound’s details and publish.
assistant-did-ready = { $count } published.
assistant-did-fill = Saved; answers show it from now on.
assistant-did-adopt = Now a phrasing.
assistant-did-aside = Done.
assistant-work-lead = Questions that found nothing, were answered wrongly or wait for a person, like ones together.
assistant-work-none = Nothing is open
assistant-work-none-text = Whatever was asked had an answer.
assistant-waits = waits (asked { $time })
assistant-was-down = said to be wrong
assistant-phrasing = As a phrasing
assistant-phrasing-hint = Take out names, rooms and other personal data first.
assistant-adopt = Belongs to “{ $title }”
assistant-aside = Done, do not show again
assistant-figures-lead = The last { $days } days.
assistant-figure-asked = asked
assistant-figure-answered = answered
assistant-figure-clarified = asked back
assistant-figure-refused = no answer
assistant-figure-danger = urgent
assistant-figure-handed = handed over
assistant-figure-down = voted down
assistant-figure-entries = answers in force
assistant-regression = Check before publishing
assistant-hit1 = First answer was right
assistant-hit1-note = of { $count } asked at the last publishing; one that lowers it is stopped
assistant-places-lead = These differ from compound to compound; an answer with an open one stays a draft.
assistant-places-none = Nothing to fill in
assistant-places-none-text = Take over the starter base, or write a name in braces in an answer.
assistant-places-waits = { $count ->
    [one] used by { $count } answer
   *[other] used by { $count } answers
  }
assistant-fault-topic = A code has small letters, digits and hyphens, at most 40.
assistant-fault-title = A topic has 1 to 40 characters.
assistant-fault-phrasings = Write 1 to 60 phrasings of at most 100 characters.
assistant-fault-answer = An answer has 1 to 2000 characters.
assistant-fault-day = No such day, or the last day is over.
assistant-fault-source = Choose a notice that stands.
assistant-fault-fill = At most 200 characters.
assistant-refused-topic = This code (or these topics) is there already.
assistant-refused-many = Too many; withdraw or join some first.
assistant-refused-changed = Somebody has just changed it; open it again.
assistant-refused-state = Not in this state.
assistant-refused-open = Fill in first: { $places }.
assistant-refused-regression = Publishing was stopped: { $count } questions that are answered now would lose their answer. Change the phrasings and publish again: { $questions }
assistant-refused-question = A question has 1 to { $max } characters.
assistant-refused-desk = No ticket could be opened; when it is urgent, please call.
assistant-urgent-ticket = Urgent ticket { $number } is open and shown to whoever is on duty. It replaces no call: call first, and keep yourself and others safe.
assistant-urgent-noted = It stands first on the office’s list, but nobody may be looking at it now: call at once, and keep yourself and others safe.
assistant-handed-ticket = Handed to the office as ticket { $number }; a person will answer, and the assistant stays silent until then.
assistant-often = Often asked
assistant-source = Source: 
assistant-live-yours = For you alone
assistant-live-ticket = { $number } { $title }: { $state }
assistant-live-no-ticket = You have no tickets
assistant-live-open = Opening hours: { $hours }
assistant-rests-rules = Group rules, version { $version }
assistant-rests-notice = Notice: { $title }
assistant-rests-gone = A notice that no longer stands
assistant-ahead = newer version not published
assistant-keeper = Kept by { $name }
assistant-check-runs = The check questions are being asked; open this page again in a moment to see the result.
assistant-check-fine = Check passed: { $now } of { $of } check questions find their answer first; publishing lowers nothing.
assistant-check-stops = With this version { $now } instead of { $was } of { $of } questions would find their answer; publishing will be stopped. Questions that would lose their answer:
assistant-versions = Versions ({ $count })
assistant-version = Version { $version }
assistant-field-checks = Questions to check with
assistant-field-checks-hint = One a line. Nobody is matched with them; they only check that the answer is still found.
assistant-fault-checks = At most 60 questions of at most 100 characters.
assistant-fault-buildings = At most 60 places of at most 20 characters.
assistant-name = Assistant
assistant-group-more = This is an automatic answer. If it does not help, hand it to the office under Services, Ask.
assistant-group-yours = Your own fees and tickets are shown to you alone, under Services, Ask.
assistant-group-which = You may mean: { $topics }.
assistant-group-none = There is no answer to this yet; hand it to the office under Services, Ask.
assistant-manner = How the assistant behaves
assistant-manner-lead = The assistant says only what you published. Here you decide when it speaks in the owners’ group.
assistant-manner-group = In the owners’ group
assistant-manner-off = Never
assistant-manner-called = When somebody writes @助手
assistant-manner-called-hint = If a person of the office answers first, it stays silent.
assistant-manner-sure = Also by itself when it is sure
assistant-manner-sure-hint = Not within ten minutes after somebody of the office spoke.
assistant-manner-never = Whatever you choose: nobody’s fees or tickets ever appear in the group; it is silent for owners whom a person is answering; danger that is happening always gets the emergency card.
assistant-manner-reword = Let the configured language model reword answers
assistant-manner-reword-hint = Only the answer’s text is sent, never the question; a rewording that adds numbers or links is dropped; owners can see the original.
assistant-did-manner = Saved.
assistant-reworded = Reworded by a language model; the original text holds
assistant-original = See the original
assistant-export = Export
assistant-import = Import
assistant-import-lead = One answer a row. Phrasings stand in one cell, a line each, or in further rows of the same code.
assistant-import-file = Spreadsheet
assistant-import-file-hint = xlsx or csv, at most 5 MB; the columns are those of the export.
assistant-import-look = Preview
assistant-import-new = New
assistant-import-changed = Changed
assistant-import-same = The same
assistant-import-faults = Faulty cells
assistant-import-fault = Row { $row }, { $column }: { $what }
assistant-import-go = Take { $count } over as drafts
assistant-import-nothing = There is nothing to take over.
assistant-import-again = Mend the spreadsheet and send it again, or take over only what has no fault.
assistant-did-import = { $count } taken over; they take effect when published.
assistant-refused-file = This file cannot be read; use xlsx or csv.
assistant-refused-columns = The columns for code, phrasings and answer were not found; start from the exported spreadsheet.
assistant-fault-unknown = none of the words that fit
assistant-fault-apart = differs from the row of the same code above
assistant-fault-empty = is empty
assistant-back = No need any more
assistant-did-back = Taken back; nobody is waited for.
assistant-urgent-list = It is happening: put it first on the office’s list
assistant-raise = Note as a question to learn
assistant-did-raise = It waits among the questions to work off; a tap on an entry makes it a phrasing.
assistant-place = { $place ->
    [accounts_publish] when the accounts are published
    [aed_place] where the AED is
    [bike_place] where bicycles stand
    [bulky_fee] fee for collecting bulky waste
    [bulky_place] where bulky waste goes
    [burning_rule] rule on burning offerings
    [card_fee] fee for another access card
    [care_services] help for the old and the frail
    [cctv_days] days that recordings are kept
    [cleaning_schedule] how often it is cleaned
    [collected_utilities] what the office collects for others
    [committee_contact] how to reach the committee
    [company_name] full name of the company
    [complaint_sla] when a complaint is answered
    [convenience_list] what the front desk lends
    [delivery_rule] rule for couriers
    [deposit_refund_period] days before a deposit goes back
    [deposit_renovation] renovation deposit
    [developer_contact] how to reach the developer
    [drying_place] where washing may be dried
    [duty_phone] duty telephone at night
    [ebike_charge_place] where e-bikes are charged
    [elevator_company] who maintains the lifts
    [elevator_use_fee] fee for lifts during renovation
    [event_notice_days] days of notice for an event
    [facade_rule] rule on the outer wall
    [fee_due_date] day the fee is due
    [fee_rate] rate of the property fee
    [free_cards] free access cards per home
    [fund_query] where to ask about the repair fund
    [garbage_collect] how often waste is fetched
    [garbage_hours] hours for waste
    [garbage_place] where waste goes
    [gas_company] gas supplier
    [goods_elevator] lift for building material
    [ground_hours] hours of the public grounds
    [group_seats] seats in the group per home
    [hardship_policy] relief for hardship
    [key_trust_fee] fee for keeping a key
    [locksmith] registered locksmith
    [manager_day] day the manager receives
    [market_channel] where to offer things and rooms
    [moving_hours] hours for moving
    [multi_plate_rule] several plates on one space
    [office_hours] office hours
    [office_phone] office telephone
    [office_place] where the office is
    [online_payment] ways to pay online
    [parcel_place] where parcels wait
    [parking_fee] monthly rent of a space
    [parking_grace] days a space is kept
    [patrol_schedule] patrols at night
    [pest_schedule] pest control plan
    [pickup_place] where group orders are fetched
    [power_company] power supplier
    [prepay_offer] offer for paying ahead
    [privacy_contact] whom to tell about privacy
    [privacy_notice] where the privacy notice is
    [public_charger] where public chargers are
    [public_share_rule] how shared costs are split
    [quiet_hours] quiet hours
    [renovation_hours] hours for renovation work
    [renovation_review_days] working days to review a renovation
    [repair_price_list] prices of repairs
    [repair_sla] when a repairer comes
    [repair_warranty] warranty of repairs
    [reply_sla] when a message is answered
    [rights_days] working days for requests on data
    [second_car_rule] rule for a second car
    [space_fee] fee for one's own space
    [steward_list] stewards by building
    [steward_term] term of the group's elected administrators
    [street_office] street office
    [temp_parking_fee] fee for short parking
    [tenant_group_rule] how tenants join
    [vacant_policy] fee of vacant homes
    [venue_list] rooms and their hours
    [visitor_parking] where visitors park
    [waste_fee] how building waste goes, and its fee
    [waste_site] where building waste goes
    [water_company] water supplier
    [water_tank_schedule] when tanks are cleaned
    [worker_pass_fee] fee for a worker's pass
   *[other] { $place }
  }
assistant-places-filled = { $filled } of { $of } filled
assistant-places-jump = Jump to
assistant-places-save = Save all
assistant-about-office = Office and phones
assistant-about-fees = Fees
assistant-about-repairs = Repairs
assistant-about-renovation = Renovation
assistant-about-access = Gates and parcels
assistant-about-parking = Parking and charging
assistant-about-safety = Safety
assistant-about-environment = Cleaning and waste
assistant-about-group = Owners' group
assistant-about-archive = Archive and personal data
assistant-about-owners = Owners' bodies and complaints
assistant-about-services = Daily services
assistant-about-own = Added here
