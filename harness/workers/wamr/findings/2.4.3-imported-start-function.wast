;; gainsay:format 1
;; wamr-fast and wamr-classic 2.4.3 do not call a start function that is imported (§ exec/modules,
;; instantiation); here it must trap.
(module $lib (func (export "start") (unreachable)))
(register "lib" $lib)
(assert_trap (module (import "lib" "start" (func)) (start 0)) "unreachable")
