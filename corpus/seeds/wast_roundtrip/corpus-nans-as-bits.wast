;; gainsay:format 1
;; The sign and the payload of a NaN are an implementation's choice (§ exec/numerics, NaN
;; propagation), whatever its bits become: an integer, bytes of memory, a condition.
(module
  (memory (export "m") 1)
  (func (export "bits") (param f64) (result i64) (i64.reinterpret_f64 (f64.sqrt (local.get 0))))
  (func (export "direct") (param f64) (result f64) (f64.sqrt (local.get 0)))
  (func (export "store") (param f64) (f64.store (i32.const 0) (f64.add (local.get 0) (f64.const 1))))
  (func (export "branch") (param f64) (result i32)
    (i64.lt_s (i64.reinterpret_f64 (f64.mul (local.get 0) (f64.const 1))) (i64.const 0))))
(assert_return (invoke "direct" (f64.const -1)) (f64.const nan:canonical))
(assert_return (invoke "direct" (f64.const -nan:0x7000000000000)) (f64.const nan:arithmetic))
(invoke "branch" (f64.const -nan:0x8000000000000))
(invoke "store" (f64.const nan:0x4000000000000))
(invoke "bits" (f64.const -1))
