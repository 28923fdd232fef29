---------------------------- MODULE Invalidate ----------------------------
(* The invalidate protocol between faults, TLB fills, accesses and changes of memory. docs/translation.md tells it in words;  *)
(* the actions carry the names of the methods of TranslationDomain, TranslationHolder, FaultCore and ConversionEngine.        *)
(*                                                                                                                            *)
(* What a leaf or a translation may be used for is the pair of the slot's version and the page's kind at the time when it was *)
(* made. Changes are serialised by the mutation lock, so one process makes them. Memory is sequentially consistent: every     *)
(* word here is volatile in the code, or made so by the barrier of AccessOrder, which this model does not show.               *)
EXTENDS Naturals, FiniteSets, TLC

CONSTANTS Vcpus,    \* holders of translations
          Pages,    \* gfns
          NoPage,   \* what a vCPU that does nothing has in hand
          Changes,  \* how many changes of memory there are
          Wrong     \* "none", or the name of a wrong order that the invariants have to find

Kinds == {"private", "shared"}
None == [slot |-> 0, kind |-> "none"]

VARIABLES
    attribute,   \* kind of each page
    slot,        \* version of the slot that backs all pages
    leaf,        \* each page's leaf, or None
    sequence, inProgress, range, generation,   \* the words of the domain
    accessMark, faultMark,                     \* each vCPU's marks: inside or not
    tlb, seen,                                 \* each vCPU's translations, and the generation that they are good for
    pc, page, wanted, snapshot, used,          \* each vCPU: where it is and what it has in hand
    step, target, left, cleared, toRead, owed  \* the change under way

vcpu == <<accessMark, faultMark, tlb, seen, pc, page, wanted, snapshot, used>>
change == <<step, target, left, cleared, toRead, owed>>
domain == <<sequence, inProgress, range, generation>>
memory == <<attribute, slot, leaf>>
vars == <<memory, domain, vcpu, change>>

Truth(p) == [slot |-> slot, kind |-> attribute[p]]
IsInProgress(p) == inProgress > 0 /\ p \in range

Init ==
    /\ attribute \in [Pages -> Kinds]
    /\ slot = 1
    /\ leaf = [p \in Pages |-> None]
    /\ sequence = 0 /\ inProgress = 0 /\ range = {} /\ generation = 0
    /\ accessMark = [v \in Vcpus |-> FALSE]
    /\ faultMark = [v \in Vcpus |-> FALSE]
    /\ tlb = [v \in Vcpus |-> [p \in Pages |-> None]]
    /\ seen = [v \in Vcpus |-> 0]
    /\ pc = [v \in Vcpus |-> "idle"]
    /\ page = [v \in Vcpus |-> NoPage]
    /\ wanted = [v \in Vcpus |-> None]
    /\ snapshot = [v \in Vcpus |-> 0]
    /\ used = [v \in Vcpus |-> None]
    /\ step = "idle" /\ target = {} /\ left = Changes /\ cleared = FALSE /\ toRead = {} /\ owed = {}

Goto(v, where) == pc' = [pc EXCEPT ![v] = where]

----------------------------------------------------------------------------
(* An access. *)

EnterAccess(v) ==
    /\ pc[v] = "idle"
    /\ \E p \in Pages : page' = [page EXCEPT ![v] = p]
    /\ accessMark' = [accessMark EXCEPT ![v] = TRUE]
    /\ Goto(v, "isCurrent")
    /\ UNCHANGED <<memory, domain, change, faultMark, tlb, seen, wanted, snapshot, used>>

IsCurrent(v) ==
    /\ pc[v] = "isCurrent"
    /\ LET hit == seen[v] = generation /\ tlb[v][page[v]] # None IN
        /\ used' = [used EXCEPT ![v] = IF hit THEN tlb[v][page[v]] ELSE None]
        /\ Goto(v, IF hit THEN "data" ELSE IF Wrong = "catch up after the walk" THEN "gate" ELSE "catchUp")
    /\ UNCHANGED <<memory, domain, change, accessMark, faultMark, tlb, seen, page, wanted, snapshot>>

CatchUp(v) ==
    /\ pc[v] = "catchUp"
    /\ tlb' = [tlb EXCEPT ![v] = IF seen[v] = generation THEN @ ELSE [p \in Pages |-> None]]
    /\ seen' = [seen EXCEPT ![v] = generation]
    /\ Goto(v, IF Wrong = "catch up after the walk" THEN "fill" ELSE "gate")
    /\ UNCHANGED <<memory, domain, change, accessMark, faultMark, page, wanted, snapshot, used>>

Gate(v) ==
    /\ pc[v] = "gate"
    /\ Goto(v, IF IsInProgress(page[v]) THEN "giveUp" ELSE "walk")
    /\ UNCHANGED <<memory, domain, change, accessMark, faultMark, tlb, seen, page, wanted, snapshot, used>>

Walk(v) ==
    /\ pc[v] = "walk"
    /\ used' = [used EXCEPT ![v] = leaf[page[v]]]
    /\ Goto(v, IF leaf[page[v]] = None THEN "miss"
               ELSE IF Wrong = "catch up after the walk" THEN "catchUp" ELSE "fill")
    /\ UNCHANGED <<memory, domain, change, accessMark, faultMark, tlb, seen, page, wanted, snapshot>>

Fill(v) ==
    /\ pc[v] = "fill"
    /\ tlb' = [tlb EXCEPT ![v][page[v]] = used[v]]
    /\ Goto(v, "data")
    /\ UNCHANGED <<memory, domain, change, accessMark, faultMark, seen, page, wanted, snapshot, used>>

\* The access itself, the mark still odd; `used` names what it goes through.
ExitAccess(v) ==
    /\ pc[v] \in {"data", "giveUp", "miss"}
    /\ accessMark' = [accessMark EXCEPT ![v] = FALSE]
    /\ owed' = owed \ {<<v, "access">>}
    /\ used' = [used EXCEPT ![v] = None]
    /\ page' = [page EXCEPT ![v] = IF pc[v] = "miss" THEN @ ELSE NoPage]
    /\ Goto(v, IF pc[v] # "miss" THEN "idle"
               ELSE IF Wrong = "attribute before the snapshot" THEN "readSlot" ELSE "snapshot")
    /\ UNCHANGED <<memory, domain, faultMark, tlb, seen, wanted, snapshot, step, target, left, cleared, toRead>>

----------------------------------------------------------------------------
(* A fault. *)

Snapshot(v) ==
    /\ pc[v] = "snapshot"
    /\ snapshot' = [snapshot EXCEPT ![v] = sequence]
    /\ Goto(v, IF Wrong = "attribute before the snapshot" THEN "waitsForRange" ELSE "readSlot")
    /\ UNCHANGED <<memory, domain, change, accessMark, faultMark, tlb, seen, page, wanted, used>>

ReadSlot(v) ==
    /\ pc[v] = "readSlot"
    /\ wanted' = [wanted EXCEPT ![v].slot = slot]
    /\ Goto(v, "readAttribute")
    /\ UNCHANGED <<memory, domain, change, accessMark, faultMark, tlb, seen, page, snapshot, used>>

ReadAttribute(v) ==
    /\ pc[v] = "readAttribute"
    /\ wanted' = [wanted EXCEPT ![v].kind = attribute[page[v]]]
    /\ Goto(v, IF Wrong = "attribute before the snapshot" THEN "snapshot" ELSE "waitsForRange")
    /\ UNCHANGED <<memory, domain, change, accessMark, faultMark, tlb, seen, page, snapshot, used>>

WaitsForRange(v) ==
    /\ pc[v] = "waitsForRange"
    /\ IF IsInProgress(page[v])
       THEN /\ Goto(v, "idle")
            /\ page' = [page EXCEPT ![v] = NoPage]
            /\ wanted' = [wanted EXCEPT ![v] = None]
            /\ snapshot' = [snapshot EXCEPT ![v] = 0]
       ELSE /\ Goto(v, "enterFault")
            /\ UNCHANGED <<page, wanted, snapshot>>
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
    /\ UNCHANGED <<attribute, slot, domain, change, accessMark, faultMark, tlb, seen, page, wanted, snapshot, used>>

ExitFault(v) ==
    /\ pc[v] = "exitFault"
    /\ faultMark' = [faultMark EXCEPT ![v] = FALSE]
    /\ owed' = owed \ {<<v, "fault">>}
    /\ wanted' = [wanted EXCEPT ![v] = None]
    /\ snapshot' = [snapshot EXCEPT ![v] = 0]
    /\ page' = [page EXCEPT ![v] = NoPage]
    /\ Goto(v, "idle")
    /\ UNCHANGED <<memory, domain, accessMark, tlb, seen, used, step, target, left, cleared, toRead>>

----------------------------------------------------------------------------
(* A change: of one page's kind, or of the slot that backs all pages. *)

BeginRange ==
    /\ step = "idle" /\ left > 0
    /\ \E t \in {{p} : p \in Pages} \cup {Pages} : target' = t
    /\ range' = target'
    /\ left' = left - 1
    /\ step' = "beginCount"
    /\ UNCHANGED <<memory, vcpu, sequence, inProgress, generation, cleared, toRead, owed>>

BeginCount ==
    /\ step = "beginCount"
    /\ inProgress' = inProgress + 1
    /\ step' = "drain"
    /\ toRead' = IF Wrong = "no drain" THEN {} ELSE Vcpus
    /\ UNCHANGED <<memory, vcpu, sequence, range, generation, target, left, cleared, owed>>

\* One mark is read at a time; one that is odd is waited for until it changes.
Drain ==
    /\ step = "drain"
    /\ \/ \E v \in toRead :
            /\ owed = {}
            /\ toRead' = toRead \ {v}
            /\ owed' = IF faultMark[v] THEN {<<v, "fault">>} ELSE {}
            /\ step' = step
       \/ toRead = {} /\ owed = {} /\ step' = "unmap" /\ UNCHANGED <<toRead, owed>>
    /\ UNCHANGED <<memory, domain, vcpu, target, left, cleared>>

Unmap ==
    /\ step = "unmap"
    /\ cleared' = \E p \in target : leaf[p] # None
    /\ leaf' = [p \in Pages |-> IF p \in target THEN None ELSE leaf[p]]
    /\ step' = "publishRange"
    /\ UNCHANGED <<attribute, slot, domain, vcpu, target, left, toRead, owed>>

\* Nothing cleared: no shootdown.
PublishRange ==
    /\ step = "publishRange"
    /\ generation' = IF cleared /\ Wrong # "no generation" THEN generation + 1 ELSE generation
    /\ toRead' = IF cleared /\ Wrong # "no wait for accesses" THEN Vcpus ELSE {}
    /\ step' = "awaitAccess"
    /\ UNCHANGED <<memory, vcpu, sequence, inProgress, range, target, left, cleared, owed>>

AwaitAccess ==
    /\ step = "awaitAccess"
    /\ \/ \E v \in toRead :
            /\ owed = {}
            /\ toRead' = toRead \ {v}
            /\ owed' = IF accessMark[v] THEN {<<v, "access">>} ELSE {}
            /\ step' = step
       \/ toRead = {} /\ owed = {} /\ step' = "turn" /\ UNCHANGED <<toRead, owed>>
    /\ UNCHANGED <<memory, domain, vcpu, target, left, cleared>>

\* Frames change hands here, and the kind or the slot changes.
Turn ==
    /\ step = "turn"
    /\ IF target = Pages
       THEN /\ slot' = slot + 1
            /\ UNCHANGED attribute
       ELSE /\ attribute' = [p \in Pages |-> IF p \in target
                                THEN IF attribute[p] = "private" THEN "shared" ELSE "private" ELSE attribute[p]]
            /\ UNCHANGED slot
    /\ step' = IF Wrong = "count before sequence at the end" THEN "endCount" ELSE "endSequence"
    /\ target' = {} /\ cleared' = FALSE
    /\ UNCHANGED <<leaf, domain, vcpu, left, toRead, owed>>

EndSequence ==
    /\ step = "endSequence"
    /\ sequence' = sequence + 1
    /\ step' = IF Wrong = "count before sequence at the end" THEN "idle" ELSE "endCount"
    /\ UNCHANGED <<memory, vcpu, inProgress, range, generation, target, left, cleared, toRead, owed>>

EndCount ==
    /\ step = "endCount"
    /\ inProgress' = inProgress - 1
    /\ step' = IF Wrong = "count before sequence at the end" THEN "endSequence" ELSE "idle"
    /\ UNCHANGED <<memory, vcpu, sequence, range, generation, target, left, cleared, toRead, owed>>

----------------------------------------------------------------------------

VcpuStep(v) ==
    \/ EnterAccess(v) \/ IsCurrent(v) \/ CatchUp(v) \/ Gate(v) \/ Walk(v) \/ Fill(v) \/ ExitAccess(v)
    \/ Snapshot(v) \/ ReadSlot(v) \/ ReadAttribute(v) \/ WaitsForRange(v)
    \/ EnterFault(v) \/ RecheckCount(v) \/ RecheckSequence(v) \/ Publish(v) \/ ExitFault(v)

ChangeStep ==
    \/ BeginRange \/ BeginCount \/ Drain \/ Unmap \/ PublishRange \/ AwaitAccess \/ Turn
    \/ EndSequence \/ EndCount

Next == ChangeStep \/ \E v \in Vcpus : VcpuStep(v)

Spec == Init /\ [][Next]_vars /\ WF_vars(ChangeStep) /\ \A v \in Vcpus : WF_vars(VcpuStep(v))

----------------------------------------------------------------------------

\* The audit: a leaf says what the slot and the attribute say. A page that is being changed has none from the unmap on.
LeavesAreTrue == \A p \in Pages : leaf[p] = None \/ leaf[p] = Truth(p)

\* No access goes through what is not true any more: nobody reads a page after it has changed hands.
AccessesAreTrue == \A v \in Vcpus : pc[v] = "data" => used[v] = Truth(page[v])

Symmetry == Permutations(Vcpus) \cup Permutations(Pages)

\* Marks are never waited for by somebody who is inside of one: a change that was begun ends, whatever the vCPUs do.
ChangesEnd == (step # "idle") ~> (step = "idle")

===========================================================================
