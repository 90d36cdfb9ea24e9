# The first page of a compound.
home-greeting = Good day, { $name }.
home-matters = My matters
home-nothing = Nothing needs your attention just now
home-nothing-text = Notices, bills and votes will show up here first.
home-member-of = Group member for { $room }
home-state-active = In the owners’ group
home-state-suspended = Speaking is paused; notices still reach you
home-state-leaving = Leaving
home-state-removed = Removed from the group chat; notices still reach you
home-state-ended = Ended
home-staff = Work list
home-staff-nothing = Nothing is waiting for you
home-staff-nothing-text = What waits for you will appear here; the rest of the work is in the menu.
home-waiting-submitted = New applications to join
home-waiting-verifying = Applications being verified
home-waiting-approved = Approved, to be invited
home-waiting-info = Waiting for the applicant
home-fees-due = Fees due: { $amount }
home-fees-since = The oldest fell due on { $day }
home-fees-none = No fee is overdue
home-group-none = You are not in the owners’ group yet. Apply under Services, or ask the front desk for an invitation.
home-text-version = Version { $version }, in force
home-apply-more = Apply to join the owners’ group
home-apply-more-note = For another home, or for your family
home-find-title = Find
home-find-none = Nothing was found
home-find-none-text = Try another spelling: a room as 3-2-1801, one character of the name, or the last four digits of the phone.
home-waiting-notices = Notices to review
home-waiting-asked = Questions under notices, to be answered
home-running = My matters
home-running-note = All that is running
home-running-lead = Reports, appeals, looks into your file, notices to confirm: all that is running.
home-running-none = Nothing is running
home-running-none-text = What you report or apply for will stand here.
home-running-appeals = { $count ->
    [one] { $count } appeal waits for an answer
   *[other] { $count } appeals wait for an answer
}
home-running-viewings = { $count ->
    [one] { $count } look into your own file is on its way
   *[other] { $count } looks into your own file are on their way
}
