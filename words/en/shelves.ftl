shelves-title = Shelves
shelves-scan = Scan a label or type a room
shelves-scan-act = Find it
shelves-scan-void = This is an old label: { $box } has a newer one. Take it off and stick the new one on.
shelves-scan-unknown = No label of this compound, and no box for such a room.
shelves-boxless = { $count ->
    [one] One dossier has no box yet.
   *[other] { $count } dossiers have no box yet.
}
shelves-tend = Make the boxes
shelves-left-over = { $count ->
    [one] There is no room for one box: a cabinet is needed.
   *[other] There is no room for { $count } boxes: a cabinet is needed.
}
shelves-stat-moves = Boxes to move
shelves-stat-nowhere = Boxes not on a shelf
shelves-stat-unlabelled = Boxes that need a label
shelves-unlabelled = Print the labels that are wanting
shelves-empty = No cabinets yet
shelves-empty-text = Enter a cabinet's layers and their width; every box then gets its place in shelf order.
shelves-cabinets = Cabinets
shelves-cabinet-size = layers { $layers }, each { $mm } mm
shelves-cabinet-new = New cabinet
shelves-cabinet-act = Add
shelves-cabinet-keep = Keep
shelves-cabinet-drop = Remove the empty cabinet
shelves-apart = Arrangement
shelves-apart-lead = What begins on a new layer
shelves-apart-none = Nothing: boxes stand close
shelves-apart-building = Each building
shelves-apart-unit = Each unit of a building
shelves-field-cabinet = Cabinet
shelves-field-cabinet-hint = As written on its door, such as A.
shelves-field-ord = Place in the row
shelves-field-ord-hint = Counted from the first cabinet; boxes follow this order.
shelves-field-layers = Layers
shelves-field-width = Width of a layer (mm)
shelves-field-width-hint = Between the sides. A tenth is left free for boxes to come.
shelves-field-layer = Layer
shelves-field-layer-hint = Counted from the top.
shelves-field-slot = Slot
shelves-field-slot-hint = Counted from the left; left empty it goes where its room belongs.
shelves-field-boxes = Boxes
shelves-field-ends = From room to room
shelves-field-free = Free
shelves-field-audited = Last audit
shelves-field-room = Room
shelves-field-number = Dossier number
shelves-field-tenure = Tenure and box
shelves-field-stands = Stands at
shelves-field-belongs = Belongs at
shelves-field-spine = Spine
shelves-field-pages = Pages filed
shelves-field-suggested = Boxes suggested
shelves-field-label = Label
shelves-field-building = Building
shelves-field-rooms = List of rooms
shelves-field-rooms-hint = One on a line, or with commas; a range is written 3-1-101～3-1-2902.
shelves-field-since = Changed since
shelves-field-since-hint = New boxes, and those whose label has to say something else.
shelves-field-outdated = Only boxes without a label, or whose label is out of date
shelves-field-outdated-hint = Without this, labels that are good are printed again too; the earlier ones are void then.
shelves-field-codes = Labels read from left to right
shelves-field-codes-hint = Click into the field and scan from the leftmost box to the last, one on a line.
shelves-field-to = Move to
shelves-field-behind = Right behind
shelves-field-from = From
shelves-field-done = Done
shelves-mm = { $mm } mm
shelves-free-mm = { $mm } mm free
shelves-spot = { $cabinet }, layer { $layer }, slot { $slot }
shelves-layer = { $cabinet }, layer { $layer }
shelves-layer-nth = Layer { $layer }
shelves-layer-empty = This layer is empty.
shelves-nowhere = Not on a shelf
shelves-no-place = No room is left on the shelves
shelves-stays = Here; it stays
shelves-at-left = At the left end
shelves-suggested = { $boxes ->
    [one] One box of { $mm } mm
   *[other] { $boxes } boxes of { $mm } mm
}
shelves-others = Other boxes of the same dossier
shelves-guests = In the same box
shelves-part = Take out
shelves-move = Move
shelves-move-suggested = The suggested place is filled in below.
shelves-move-act = It stands there now
shelves-off-act = Taken off the shelf
shelves-width = Another box
shelves-width-hint = A box of another width needs a new label.
shelves-width-act = Use this width
shelves-more-act = Add a box
shelves-less-act = Remove the last box
shelves-share = Parking space or store room in a flat's box
shelves-share-room = Number of the parking space or store room
shelves-share-hint = Its own box goes; its papers lie in this one.
shelves-share-act = Put into this box
shelves-prints = Labels printed
shelves-print-one = Print this room's labels
shelves-copy = Copy { $copy }
shelves-label-good = Good
shelves-label-void = Void
shelves-label-wanted = Wanted
shelves-label-none = No label was printed yet.
shelves-label-other = The label no longer says what is right; print it again.
shelves-lid = Sheet for the lid
shelves-lid-files = { $count ->
    [one] one more page as a file
   *[other] { $count } more pages as files
}
shelves-lid-foot = SY-WI-KF-09 · inside the lid
shelves-moves = Boxes to move
shelves-moves-lead = { $count ->
    [one] One box to move; all others stay. Take it out and put it where the list says.
   *[other] { $count } boxes to move; all others stay. Take the listed ones out first, then put them back from top to bottom.
}
shelves-moves-none = Everything stands where it belongs
shelves-moves-none-text = After new boxes, other widths or renamed rooms, the fewest boxes to move are listed here.
shelves-moves-next = { $count ->
    [one] One more comes on the next list, once these are in place.
   *[other] { $count } more come on the next list, once these are in place.
}
shelves-audit-choose = Choose a layer first
shelves-audit-choose-text = There are many cabinets. Open the cabinet on the shelves page: below each layer is its audit.
shelves-moves-all = All { $count } are moved
shelves-moves-some = The marked ones were moved
shelves-labels = Spine labels
shelves-count-act = Count them
shelves-rooms-unknown = Not on the roster: { $rooms }
shelves-chosen = { $count ->
    [one] One box chosen
   *[other] { $count } boxes chosen
}
shelves-chosen-none = No box fits.
shelves-chosen-more = { $count ->
    [one] and one more
   *[other] and { $count } more
}
shelves-batch = Spine { $mm } mm: labels { $labels }, sheets of A4 { $sheets } (copy { $copy })
shelves-print-lead = Print at 100 %. Each print is recorded in the ledger, and earlier labels of these boxes are void.
shelves-print-act = Download labels as PDF
shelves-paper-title = Spine labels
shelves-audit = Shelf audit
shelves-audit-act = Audit this layer
shelves-audit-do = Compare
shelves-audit-outcome = Outcome
shelves-audit-faults = { $count ->
    [one] one fault
   *[other] { $count } faults
}
shelves-audit-sound = { $count ->
    [one] The one box is in place.
   *[other] All { $count } boxes are in place and in order.
}
shelves-audit-misplaced = { $count ->
    [one] One box is out of order; only this one has to move.
   *[other] { $count } boxes are out of order; only these have to move.
}
shelves-away = { $place } (lent since { $at })
shelves-audit-away = { $count ->
    [one] One box is lent and not missed:{" "}
   *[other] { $count } boxes are lent and not missed:{" "}
}
shelves-audit-missing = { $count ->
    [one] One box should stand here and was not read:
   *[other] { $count } boxes should stand here and were not read:
}
shelves-audit-right = In place
shelves-audit-unknown = Unknown
shelves-audit-void = Old label
shelves-audit-again = Read twice
shelves-audit-elsewhere = Recorded elsewhere
shelves-audit-move = To move
shelves-record-lead = If this is how they really stand, the record can be made what was read; boxes not read are recorded as not on a shelf.
shelves-record-act = Record what was read
shelves-did-tend = { $count ->
    [one] One box was made
   *[other] { $count } boxes were made
}
shelves-did-move = Place recorded
shelves-did-spine = Width changed; the label is to be printed again
shelves-did-spine-off = Width changed; the label is to be printed again. Its layer has no room for it, so it is recorded as not on a shelf
shelves-did-more = Box added; the labels are to be printed again
shelves-did-less = The last box was removed
shelves-did-share = Put into this box
shelves-did-part = Taken out
shelves-did-cabinet = Cabinet kept
shelves-did-drop = Cabinet removed
shelves-did-apart = Arrangement changed
shelves-did-arrange = { $count ->
    [one] The new place of one box is recorded
   *[other] The new places of { $count } boxes are recorded
}
shelves-did-record = { $count ->
    [one] One box recorded as read
   *[other] { $count } boxes recorded as read
}
shelves-fault-number = Write a whole number from { $least } to { $most }.
shelves-refused-changed = Somebody changed it after you looked; look again.
shelves-refused-name = A name has 1 to { $max } characters.
shelves-refused-taken = There is a cabinet of this name.
shelves-refused-measure = A cabinet has 1 to { $layers } layers of { $least } to { $most } mm.
shelves-refused-cabinets = There can be { $max } cabinets at most.
shelves-refused-in-use = Boxes still stand in it; move them first.
shelves-refused-spine = Spines are 20, 30, 40, 50 or 60 mm wide.
shelves-refused-full = Only { $free } mm are free on this layer, { $needed } mm are needed. Move others out first, or mark them as well.
shelves-refused-no-room = { $count ->
    [one] There is no room for one box; add a cabinet first.
   *[other] There is no room for { $count } boxes; add a cabinet first.
}
shelves-refused-boxes = A dossier has one box at least and { $max } at most.
shelves-refused-guest = Only a parking space or a store room shares a flat's box.
shelves-refused-nothing = Nothing was chosen.
shelves-refused-many = At most { $max } at once; do it in parts.
shelves-by-building = At most { $max } labels are printed at once. Print them building by building:
shelves-refused-day = Not a day; write 2026-03-02.
shelves-refused-word = “{ $word }” may not stand on a label.
shelves-refused-font = This server has no Chinese font and cannot draw labels. Install fonts-noto-cjk.
shelves-moves-every = All
shelves-find-cabinet = Cabinet
shelves-find-room = Room
shelves-found-none = Nothing found
shelves-found-none-text = Try another condition.
