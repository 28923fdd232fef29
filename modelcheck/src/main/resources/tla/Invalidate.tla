---------------------------- MODULE Invalidate ----------------------------
(* The invalidate protocol between faults, TLB fills, accesses and changes of memory. docs/translation.md tells it in words;  *)
(* the actions carry the names of the methods of TranslationDomain, TranslationHolder, FaultCore and ConversionEngine, and    *)
(* runs of the engine are checked against them (InvalidateTrace).                                                             *)
(*                                                                                                                            *)
(* What a leaf or a translation may be used for is the slot's version, the page's kind and its frame at the time when it was  *)
(* made. A slot of an even version is deleted. Changes are serialised by the mutation lock, so one process makes them. Memory *)
(* is sequentially consistent: every word here is volatile in the code, or made so by the barrier of AccessOrder, which this  *)
(* model does not show.                                                                                                       *)
EXTENDS Naturals, Sequences, FiniteSets, TLC

CONSTANTS Vcpus,    \* holders of translations
          Pages,    \* gfns
          NoPage,   \* what a vCPU that does nothing has in hand
          Changes,  \* how many changes of memory there are
          Wrong     \* "none", or the name of a wrong order that the invariants have to find

Kinds == {"private", "shared"}
None == [slot |-> 0, kind |-> "none", frame |-> 0]

VARIABLES
    attribute,   \* kind of each page
    slot,        \* version of the slot that backs all pages
    frame,       \* version of what backs each page
    leaf,        \* each page's leaf, or None
    sequence, inProgress, range, generation,   \* the words of the domain
    ring,                                      \* the pages of each shootdown, the newest last
    accessMark, faultMark,                     \* each vCPU's marks: inside or not
    tlb, seen,                                 \* each vCPU's translations, and the generation that they are good for
    pc, page, wanted, snapshot, used,          \* each vCPU: where it is and what it has in hand
    step, target, rest, part, left, cleared, toRead, owed  \* the change under way

vcpu == <<accessMark, faultMark, tlb, seen, pc, page, wanted, snapshot, used>>
change == <<step, target, rest, part, left, cleared, toRead, owed>>
domain == <<sequence, inProgress, range, generation, ring>>
memory == <<attribute, slot, frame, leaf>>
vars == <<memory, domain, vcpu, change>>

IsPresent == slot % 2 = 1
Truth(p) == [slot |-> slot, kind |-> attribute[p], frame |-> frame[p]]
IsInProgress(p) == inProgress > 0 /\ p \in range

Init ==
    /\ attribute \in [Pages -> Kinds]
    /\ slot = 1
    /\ frame = [p \in Pages |-> 1]
    /\ leaf = [p \in Pages |-> None]
    /\ sequence = 0 /\ inProgress = 0 /\ range = {} /\ generation = 0 /\ ring = <<>>
    /\ accessMark = [v \in Vcpus |-> FALSE]
    /\ faultMark = [v \in Vcpus |-> FALSE]
    /\ tlb = [v \in Vcpus |-> [p \in Pages |-> None]]
    /\ seen = [v \in Vcpus |-> 0]
    /\ pc = [v \in Vcpus |-> "idle"]
    /\ page = [v \in Vcpus |-> NoPage]
    /\ wanted = [v \in Vcpus |-> None]
    /\ snapshot = [v \in Vcpus |-> 0]
    /\ used = [v \in Vcpus |-> None]
    /\ step = "idle" /\ target = {} /\ rest = {} /\ part = {} /\ left = Changes /\ cleared = FALSE
    /\ toRead = {} /\ owed = {}

Goto(v, where) == pc' = [pc EXCEPT ![v] = where]

----------------------------------------------------------------------------
(* An access: the fast path looks at the generation and gives up if it is not the one it knows; the slow path catches up. *)

EnterAccess(v) ==
    /\ pc[v] = "idle"
    /\ accessMark' = [accessMark EXCEPT ![v] = TRUE]
    /\ Goto(v, "entered")
    /\ UNCHANGED <<memory, domain, change, faultMark, tlb, seen, page, wanted, snapshot, used>>

IsCurrent(v) ==
    /\ pc[v] = "entered"
    /\ Goto(v, IF seen[v] = generation THEN "fastLookUp" ELSE "leave")
    /\ UNCHANGED <<memory, domain, change, accessMark, faultMark, tlb, seen, page, wanted, snapshot, used>>

ShotDownSince(g) == UNION {ring[i] : i \in g + 1 .. generation}

CatchUp(v) ==
    /\ pc[v] = IF Wrong = "catch up after the walk" THEN "catchUp" ELSE "entered"
    /\ tlb' = [tlb EXCEPT ![v] = [p \in Pages |-> IF p \in ShotDownSince(seen[v]) THEN None ELSE @[p]]]
    /\ seen' = [seen EXCEPT ![v] = generation]
    /\ Goto(v, IF Wrong = "catch up after the walk" THEN "fill" ELSE "lookUp")
    /\ UNCHANGED <<memory, domain, change, accessMark, faultMark, page, wanted, snapshot, used>>

\* A translation may be there and not do: it is for reading, or the guest has asked for the other kind.
LookUp(v, p) ==
    /\ \/ pc[v] \in {"fastLookUp", "lookUp"}
       \/ pc[v] = "entered" /\ Wrong = "catch up after the walk"
    /\ page' = [page EXCEPT ![v] = p]
    /\ \/ /\ tlb[v][p] # None
          /\ pc[v] # "entered"
          /\ used' = [used EXCEPT ![v] = tlb[v][p]]
          /\ Goto(v, "data")
       \/ /\ Goto(v, IF pc[v] = "fastLookUp" THEN "leave" ELSE "gate")
          /\ UNCHANGED used
    /\ UNCHANGED <<memory, domain, change, accessMark, faultMark, tlb, seen, wanted, snapshot>>

Gate(v) ==
    /\ pc[v] = "gate"
    /\ Goto(v, IF IsInProgress(page[v]) THEN "leave" ELSE "walk")
    /\ UNCHANGED <<memory, domain, change, accessMark, faultMark, tlb, seen, page, wanted, snapshot, used>>

\* A leaf may be there and not do, as a translation.
Walk(v) ==
    /\ pc[v] = "walk"
    /\ \/ /\ leaf[page[v]] # None
          /\ used' = [used EXCEPT ![v] = leaf[page[v]]]
          /\ Goto(v, IF Wrong = "catch up after the walk" THEN "catchUp" ELSE "fill")
       \/ /\ Goto(v, "miss")
          /\ UNCHANGED used
    /\ UNCHANGED <<memory, domain, change, accessMark, faultMark, tlb, seen, page, wanted, snapshot>>

Fill(v) ==
    /\ pc[v] = "fill"
    /\ tlb' = [tlb EXCEPT ![v][page[v]] = used[v]]
    /\ Goto(v, "data")
    /\ UNCHANGED <<memory, domain, change, accessMark, faultMark, seen, page, wanted, snapshot, used>>

\* The access itself, the mark still odd; `used` names what it goes through.
Data(v) ==
    /\ pc[v] = "data"
    /\ used' = [used EXCEPT ![v] = None]
    /\ Goto(v, "leave")
    /\ UNCHANGED <<memory, domain, change, accessMark, faultMark, tlb, seen, page, wanted, snapshot>>

ExitAccess(v) ==
    /\ pc[v] \in {"leave", "miss"}
    /\ accessMark' = [accessMark EXCEPT ![v] = FALSE]
    /\ owed' = owed \ {<<v, "access">>}
    /\ page' = [page EXCEPT ![v] = IF pc[v] = "miss" THEN @ ELSE NoPage]
    /\ Goto(v, IF pc[v] # "miss" THEN "idle"
               ELSE IF Wrong = "attribute before the snapshot" THEN "readSlot" ELSE "snapshot")
    /\ UNCHANGED <<memory, domain, faultMark, tlb, seen, wanted, snapshot, used,
                   step, target, rest, part, left, cleared, toRead>>

----------------------------------------------------------------------------
(* A fault. *)

GiveUp(v) ==
    /\ Goto(v, "idle")
    /\ page' = [page EXCEPT ![v] = NoPage]
    /\ wanted' = [wanted EXCEPT ![v] = None]
    /\ snapshot' = [snapshot EXCEPT ![v] = 0]

Snapshot(v) ==
    /\ pc[v] = "snapshot"
    /\ snapshot' = [snapshot EXCEPT ![v] = sequence]
    /\ Goto(v, IF Wrong = "attribute before the snapshot" THEN "waitsForRange" ELSE "readSlot")
    /\ UNCHANGED <<memory, domain, change, accessMark, faultMark, tlb, seen, page, wanted, used>>

\* No slot: the access is the VMM's.
ReadSlot(v) ==
    /\ pc[v] = "readSlot"
    /\ IF IsPresent
       THEN /\ wanted' = [wanted EXCEPT ![v].slot = slot]
            /\ Goto(v, "readAttribute")
            /\ UNCHANGED <<page, snapshot>>
       ELSE GiveUp(v)
    /\ UNCHANGED <<memory, domain, change, accessMark, faultMark, tlb, seen, used>>

\* The kind may be another one than the guest has asked for: an exit.
ReadAttribute(v) ==
    /\ pc[v] = "readAttribute"
    /\ \/ /\ wanted' = [wanted EXCEPT ![v].kind = attribute[page[v]]]
          /\ Goto(v, IF Wrong = "attribute before the snapshot" THEN "snapshot" ELSE "waitsForRange")
          /\ UNCHANGED <<page, snapshot>>
       \/ GiveUp(v)
    /\ UNCHANGED <<memory, domain, change, accessMark, faultMark, tlb, seen, used>>

WaitsForRange(v) ==
    /\ pc[v] = "waitsForRange"
    /\ IF IsInProgress(page[v])
       THEN GiveUp(v)
       ELSE /\ Goto(v, "allocate")
            /\ UNCHANGED <<page, wanted, snapshot>>
    /\ UNCHANGED <<memory, domain, change, accessMark, faultMark, tlb, seen, used>>

\* Somebody else may be filling just this page: again.
Allocate(v) ==
    /\ pc[v] = "allocate"
    /\ \/ /\ wanted' = [wanted EXCEPT ![v].frame = frame[page[v]]]
          /\ Goto(v, "enterFault")
          /\ UNCHANGED <<page, snapshot>>
       \/ GiveUp(v)
    /\ UNCHANGED <<memory, domain, change, accessMark, faultMark, tlb, seen, used>>

EnterFault(v) ==
    /\ pc[v] = "enterFault"
    /\ faultMark' = [faultMark EXCEPT ![v] = Wrong # "no fault mark"]
    /\ Goto(v, CASE Wrong = "recheck after map" -> "publish"
                 [] Wrong = "sequence before count at the recheck" -> "recheckSequence"
                 [] Wrong = "no recheck" -> "publish"
                 [] OTHER -> "recheckCount")
    /\ UNCHANGED <<memory, domain, change, accessMark, tlb, seen, page, wanted, snapshot, used>>

RecheckCount(v) ==
    /\ pc[v] = "recheckCount"
    /\ Goto(v, IF IsInProgress(page[v]) THEN "exitFault"
               ELSE IF Wrong = "sequence before count at the recheck" THEN "publish" ELSE "recheckSequence")
    /\ UNCHANGED <<memory, domain, change, accessMark, faultMark, tlb, seen, page, wanted, snapshot, used>>

RecheckSequence(v) ==
    /\ pc[v] = "recheckSequence"
    /\ Goto(v, IF sequence # snapshot[v] \/ Wrong = "recheck after map" THEN "exitFault"
               ELSE IF Wrong = "sequence before count at the recheck" THEN "recheckCount" ELSE "publish")
    /\ UNCHANGED <<memory, domain, change, accessMark, faultMark, tlb, seen, page, wanted, snapshot, used>>

Publish(v) ==
    /\ pc[v] = "publish"
    /\ leaf' = [leaf EXCEPT ![page[v]] = IF @ = None THEN wanted[v] ELSE @]
    /\ Goto(v, IF Wrong = "recheck after map" THEN "recheckCount" ELSE "exitFault")
    /\ UNCHANGED <<attribute, slot, frame, domain, change, accessMark, faultMark, tlb, seen, page, wanted, snapshot, used>>

ExitFault(v) ==
    /\ pc[v] = "exitFault"
    /\ faultMark' = [faultMark EXCEPT ![v] = FALSE]
    /\ owed' = owed \ {<<v, "fault">>}
    /\ GiveUp(v)
    /\ UNCHANGED <<memory, domain, accessMark, tlb, seen, used, step, target, rest, part, left, cleared, toRead>>

----------------------------------------------------------------------------
(* A change: of kinds, of frames, or of the slot that backs all pages. *)

BeginRange(pages) ==
    /\ step = "idle" /\ left > 0
    /\ target' = pages /\ rest' = pages
    /\ range' = pages
    /\ left' = left - 1
    /\ step' = "beginCount"
    /\ UNCHANGED <<memory, vcpu, sequence, inProgress, generation, ring, part, cleared, toRead, owed>>

BeginCount ==
    /\ step = "beginCount"
    /\ inProgress' = inProgress + 1
    /\ step' = "drain"
    /\ toRead' = IF Wrong = "no drain" THEN {} ELSE Vcpus
    /\ UNCHANGED <<memory, vcpu, sequence, range, generation, ring, target, rest, part, left, cleared, owed>>

\* One mark is read at a time; one that is odd is waited for until it changes.
Drain(v) ==
    /\ step = "drain" /\ v \in toRead /\ owed = {}
    /\ toRead' = toRead \ {v}
    /\ owed' = IF faultMark[v] THEN {<<v, "fault">>} ELSE {}
    /\ UNCHANGED <<memory, domain, vcpu, step, target, rest, part, left, cleared>>

AllRead == toRead = {} /\ owed = {}

\* All of the range, or a part of it after the other. Nothing cleared: no shootdown.
Unmap(pages) ==
    /\ step \in {"drain", "shotDown"} /\ AllRead
    /\ pages # {} /\ pages \subseteq rest
    /\ rest' = rest \ pages
    /\ part' = pages
    /\ cleared' = \E p \in pages : leaf[p] # None
    /\ leaf' = [p \in Pages |-> IF p \in pages THEN None ELSE leaf[p]]
    /\ step' = IF cleared' THEN "publishRange" ELSE "shotDown"
    /\ UNCHANGED <<attribute, slot, frame, domain, vcpu, target, left, toRead, owed>>

PublishRange(pages) ==
    /\ step = "publishRange" /\ part \subseteq pages
    /\ IF Wrong = "no generation"
       THEN UNCHANGED <<generation, ring>>
       ELSE generation' = generation + 1 /\ ring' = Append(ring, pages)
    /\ toRead' = IF Wrong # "no wait for accesses" THEN Vcpus ELSE {}
    /\ step' = "shotDown" /\ part' = {} /\ cleared' = FALSE
    /\ UNCHANGED <<memory, vcpu, sequence, inProgress, range, target, rest, left, owed>>

AwaitAccess(v) ==
    /\ step = "shotDown" /\ v \in toRead /\ owed = {}
    /\ toRead' = toRead \ {v}
    /\ owed' = IF accessMark[v] THEN {<<v, "access">>} ELSE {}
    /\ UNCHANGED <<memory, domain, vcpu, step, target, rest, part, left, cleared>>

\* Frames change hands here, and the kind or the slot changes: nobody can reach the pages.
Turn ==
    /\ step = "shotDown" /\ AllRead /\ rest = {}
    /\ step' = "turned"
    /\ target' = {} /\ part' = {}
    /\ UNCHANGED <<leaf, domain, vcpu, rest, left, cleared, toRead, owed>>

TurnKind(pages, kind) ==
    /\ Turn
    /\ pages = target
    /\ attribute' = [p \in Pages |-> IF p \in pages THEN kind ELSE attribute[p]]
    /\ UNCHANGED <<slot, frame>>

TurnFrames(pages) ==
    /\ Turn
    /\ pages = target
    /\ frame' = [p \in Pages |-> IF p \in pages THEN frame[p] + 1 ELSE frame[p]]
    /\ UNCHANGED <<attribute, slot>>

TurnSlot ==
    /\ Turn
    /\ target = Pages
    /\ slot' = slot + 1
    /\ UNCHANGED <<attribute, frame>>

\* A slot that is added backs what nothing has backed: there is nothing to take away.
AddSlot ==
    /\ step = "idle" /\ ~IsPresent
    /\ slot' = slot + 1
    /\ UNCHANGED <<attribute, frame, leaf, domain, vcpu, change>>

EndSequence ==
    /\ step = IF Wrong = "count before sequence at the end" THEN "endSequence" ELSE "turned"
    /\ sequence' = sequence + 1
    /\ step' = IF Wrong = "count before sequence at the end" THEN "idle" ELSE "endCount"
    /\ UNCHANGED <<memory, vcpu, inProgress, range, generation, ring, target, rest, part, left, cleared, toRead, owed>>

EndCount ==
    /\ step = IF Wrong = "count before sequence at the end" THEN "turned" ELSE "endCount"
    /\ inProgress' = inProgress - 1
    /\ step' = IF Wrong = "count before sequence at the end" THEN "endSequence" ELSE "idle"
    /\ UNCHANGED <<memory, vcpu, sequence, range, generation, ring, target, rest, part, left, cleared, toRead, owed>>

----------------------------------------------------------------------------

VcpuStep(v) ==
    \/ EnterAccess(v) \/ IsCurrent(v) \/ CatchUp(v) \/ (\E p \in Pages : LookUp(v, p)) \/ Gate(v) \/ Walk(v)
    \/ Fill(v) \/ Data(v) \/ ExitAccess(v)
    \/ Snapshot(v) \/ ReadSlot(v) \/ ReadAttribute(v) \/ WaitsForRange(v) \/ Allocate(v)
    \/ EnterFault(v) \/ RecheckCount(v) \/ RecheckSequence(v) \/ Publish(v) \/ ExitFault(v)

\* What a change is about: one page, or all.
Targets == {{p} : p \in Pages} \cup {Pages}

ChangeStep ==
    \/ \E pages \in Targets : BeginRange(pages)
    \/ Unmap(rest) \/ BeginCount \/ \E v \in Vcpus : Drain(v) \/ AwaitAccess(v)
    \/ PublishRange(part)
    \/ \E pages \in Targets, kind \in Kinds : TurnKind(pages, kind)
    \/ \E pages \in Targets : TurnFrames(pages)
    \/ TurnSlot \/ AddSlot \/ EndSequence \/ EndCount

Next == ChangeStep \/ \E v \in Vcpus : VcpuStep(v)

Spec == Init /\ [][Next]_vars /\ WF_vars(ChangeStep) /\ \A v \in Vcpus : WF_vars(VcpuStep(v))

----------------------------------------------------------------------------

\* The audit: a leaf says what the slot, the attribute and the store say. A page that is being changed has none from the unmap on.
LeavesAreTrue == \A p \in Pages : leaf[p] = None \/ (IsPresent /\ leaf[p] = Truth(p))

\* No access goes through what is not true any more: nobody reads a page after it has changed hands.
AccessesAreTrue == \A v \in Vcpus : pc[v] = "data" => IsPresent /\ used[v] = Truth(page[v])

Symmetry == Permutations(Vcpus) \cup Permutations(Pages)

\* Marks are never waited for by somebody who is inside of one: a change that was begun ends, whatever the vCPUs do.
ChangesEnd == (step # "idle") ~> (step = "idle")

===========================================================================
