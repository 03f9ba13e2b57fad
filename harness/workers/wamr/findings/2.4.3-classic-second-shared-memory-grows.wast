;; gainsay:format 1
;; wamr-classic 2.4.3 crashes (SIGSEGV) at the access: a shared memory that is not the first has
;; grown (§ exec/instructions, memory.grow). The end of its data is set for the first only.
(module $a
  (memory 0 2 shared)
  (memory 0 3 shared)
  (func (export "grow") (result i32) (memory.grow 1 (i32.const 1)))
  (func (export "load") (result i32) (i32.load 1 (i32.const 0))))
(assert_return (invoke $a "grow") (i32.const 0))
(assert_return (invoke $a "load") (i32.const 0))
