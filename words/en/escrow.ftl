# What stands on the archive's escrow cards, in both languages on each.
escrow-card-title = Escrow card of the archive
escrow-card-holder = holder
escrow-card-foot = Escrow card, edition 1
escrow-card-1 = Seal this card in an envelope, sign and date across the flap, and keep it in a safe. Five cards, five people, five places; no photo, no copy. Destroy the file once it is printed.
escrow-card-2 = At each quarterly drill check the envelope, and let three holders run linli escrow check. A broken seal or a lost card counts as a leak: replace all cards with linli escrow cards --force.
escrow-card-3 = To open the archive, three holders come together at a computer without a network and run linli escrow combine, a line each: scan the code or type groups 1 to 20; a group written wrongly is named.
escrow-card-4 = Without this program, verify.py combine in the folder of the archive makes the key from three cards, and age opens the documents with it; the page beside it says how.
