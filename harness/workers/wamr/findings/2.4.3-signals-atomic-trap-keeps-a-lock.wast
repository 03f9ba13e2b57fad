;; gainsay:format 1
;; wamr-fast 2.4.3 hangs at the second call, if it was built with HARDWARE_BOUNDS=ON: an atomic access
;; out of bounds traps by a signal while the lock of shared memories is held, and nobody unlocks it
;; (§ exec/instructions, memory instructions; a trap leaves the store usable).
(module $a
  (memory 1 1 shared)
  (func (export "store") (param i32) (i32.atomic.store (local.get 0) (i32.const 1)))
  (func (export "load") (param i32) (result i32) (i32.atomic.load (local.get 0))))
(assert_trap (invoke $a "store" (i32.const 65536)) "out of bounds memory access")
(assert_return (invoke $a "load" (i32.const 0)) (i32.const 0))
