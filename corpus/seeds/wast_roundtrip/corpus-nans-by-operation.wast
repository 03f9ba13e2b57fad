;; gainsay:format 1
;; Arithmetic makes NaNs of the implementation's choice; what selects an operand or changes
;; a sign gives the bits of the operand (§ exec/numerics, NaN propagation).
(module
  (func (export "max") (param v128 v128) (result v128) (f32x4.max (local.get 0) (local.get 1)))
  (func (export "pmax") (param v128 v128) (result v128) (f32x4.pmax (local.get 0) (local.get 1)))
  (func (export "copysign") (param f32 f32) (result f32) (f32.copysign (local.get 0) (local.get 1)))
  (func (export "signs") (param f32) (result i32) (local f32)
    (local.set 1 (local.get 0))
    (i32.reinterpret_f32 (f32.neg (f32.abs (local.get 1)))))
  (func (export "demote") (param f64) (result i32)
    (i32.reinterpret_f32 (f32.demote_f64 (local.get 0)))))
(assert_return
  (invoke "max" (v128.const f32x4 nan:0x123456 nan:0x400001 -nan:0x1 1)
    (v128.const f32x4 -nan:0x2 nan:0x400002 nan:0x3 nan:0x7fffff))
  (v128.const f32x4 nan:arithmetic nan:arithmetic nan:arithmetic nan:arithmetic))
(assert_return
  (invoke "pmax" (v128.const f32x4 nan:0x123456 0 -nan:0x1 1)
    (v128.const f32x4 -nan:0x2 nan:0x2 3 nan:0x7fffff))
  (v128.const f32x4 nan:0x123456 0 -nan:0x1 1))
(assert_return (invoke "copysign" (f32.const nan:0x123) (f32.const -nan:0x4)) (f32.const -nan:0x123))
(assert_return (invoke "signs" (f32.const nan:0x1)) (i32.const 0xff800001))
(invoke "demote" (f64.const nan:0x4000000000001))
