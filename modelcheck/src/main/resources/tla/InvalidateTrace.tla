-------------------------- MODULE InvalidateTrace --------------------------
(* Whether runs of the engine are behaviours of the model: a trace is the list of steps that the engine made, in their order. *)
(* Its steps are taken one after the other, each as the action of its name; what a step does not tell is left to TLC. A trace *)
(* that is taken to its end is printed; one that is not is no behaviour of the model.                                         *)
(* The module Traces is written by the test: Events, all different steps; Traces, lists of their numbers.                     *)
EXTENDS Invalidate, Traces

VARIABLES trace, at

\* The page that the first vCPU has used before the threads start.
Warm == 3

TraceInit ==
    /\ trace \in DOMAIN Traces /\ at = 1
    /\ \E kind \in Kinds : attribute = [p \in Pages |-> kind]
    /\ slot = 1
    /\ frame = [p \in Pages |-> 1]
    /\ leaf \in {[p \in Pages |-> None], [p \in Pages |-> IF p = Warm THEN Truth(p) ELSE None]}
    /\ sequence = 0 /\ inProgress = 0 /\ range = {} /\ generation = 1 /\ ring = <<Pages>>
    /\ accessMark = [v \in Vcpus |-> FALSE]
    /\ faultMark = [v \in Vcpus |-> FALSE]
    /\ seen \in [Vcpus -> {0, 1}]
    /\ tlb = [v \in Vcpus |-> IF v = 0 THEN leaf ELSE [p \in Pages |-> None]]
    /\ pc = [v \in Vcpus |-> "idle"]
    /\ page = [v \in Vcpus |-> NoPage]
    /\ wanted = [v \in Vcpus |-> None]
    /\ snapshot = [v \in Vcpus |-> 0]
    /\ used = [v \in Vcpus |-> None]
    /\ step = "idle" /\ target = {} /\ rest = {} /\ part = {} /\ left = Changes /\ cleared = FALSE
    /\ toRead = {} /\ owed = {}

\* Looks at the range for another reason than to keep off it: while it waits for its end.
Waits(v) == pc[v] = "idle" /\ UNCHANGED vars

Step(event, v, pages) ==
    CASE event.action = "EnterAccess" -> EnterAccess(v)
      [] event.action = "IsCurrent" -> IsCurrent(v)
      [] event.action = "CatchUp" -> CatchUp(v)
      [] event.action = "LookUp" -> \E p \in pages : LookUp(v, p)
      [] event.action = "IsInProgress" -> Gate(v) \/ WaitsForRange(v) \/ Waits(v)
      [] event.action = "Walk" -> pages = {page[v]} /\ Walk(v)
      [] event.action = "Fill" -> pages = {page[v]} /\ Fill(v)
      [] event.action = "Data" -> Data(v)
      [] event.action = "ExitAccess" -> ExitAccess(v)
      [] event.action = "Snapshot" -> Snapshot(v)
      [] event.action = "ReadSlot" -> ReadSlot(v)
      [] event.action = "ReadAttribute" -> pages = {page[v]} /\ ReadAttribute(v)
      [] event.action = "Allocate" -> pages = {page[v]} /\ Allocate(v)
      [] event.action = "EnterFault" -> EnterFault(v)
      [] event.action = "RecheckCount" -> RecheckCount(v)
      [] event.action = "RecheckSequence" -> RecheckSequence(v)
      [] event.action = "Publish" -> pages = {page[v]} /\ Publish(v)
      [] event.action = "ExitFault" -> ExitFault(v)
      [] event.action = "BeginRange" -> BeginRange(pages)
      [] event.action = "BeginCount" -> BeginCount
      [] event.action = "Drain" -> Drain(v)
      [] event.action = "Unmap" -> Unmap(pages)
      [] event.action = "PublishRange" -> PublishRange(pages)
      [] event.action = "AwaitAccess" -> AwaitAccess(v)
      [] event.action = "TurnPrivate" -> TurnKind(pages, "private")
      [] event.action = "TurnShared" -> TurnKind(pages, "shared")
      [] event.action = "TurnFrames" -> TurnFrames(pages)
      [] event.action = "TurnSlot" -> TurnSlot
      [] event.action = "AddSlot" -> AddSlot
      [] event.action = "EndSequence" -> EndSequence
      [] event.action = "EndCount" -> EndCount

TraceNext ==
    /\ at <= Len(Traces[trace])
    /\ LET event == Events[Traces[trace][at]] IN Step(event, event.vcpu, event.pages)
    /\ at' = at + 1
    /\ IF at' > Len(Traces[trace]) THEN PrintT(<<"taken", trace>>) ELSE TRUE
    /\ UNCHANGED trace

TraceSpec == TraceInit /\ [][TraceNext]_<<vars, trace, at>>

=============================================================================
