;; gainsay:format 1
;; wamr-classic 2.4.3 traps with "out of bounds memory access": an atomic access uses the memory
;; that was used last (§ exec/instructions, memory instructions).
(module $a
  (memory 1 1 shared)
  (memory 0)
  (func (export "f") (drop (memory.size 1))
    (drop (i32.atomic.rmw8.or_u offset=30 (i32.const 0) (i32.const 0)))))
(assert_return (invoke $a "f"))
