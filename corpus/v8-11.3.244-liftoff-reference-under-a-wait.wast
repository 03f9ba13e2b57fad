;; Liftoff of V8 11.3.244.8 (node 20.20.2) dies of SIGSEGV when a reference is on the operand stack under
;; a memory.atomic.wait32, whose operands alone it takes (§ exec/instructions, memory.atomic.wait). TurboFan
;; of the same version and V8 14.6 are right. Why it dies was not looked into.
(module $a
  (memory 1 2 shared)
  (func (export ""))
  (func (export "f3") (param funcref) (result f32 funcref) (local i32)
    (local.set 0
      (ref.func 0)
      (local.set 1 (memory.atomic.wait32 offset=40 (i32.const 0) (i32.const 0) (i64.const 0))))
    (f32.const 0)
    (local.get 0)))
(assert_return (invoke $a "f3" (ref.null func)) (f32.const 0.0) (ref.func))
