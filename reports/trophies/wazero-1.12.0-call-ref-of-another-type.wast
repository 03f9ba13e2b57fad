;; wazero 1.12.0 accepts the module (§ valid/instructions, call_ref).
(assert_invalid
  (module
    (type $a (func (param i64))) (type $b (func))
    (func $f (type $b)) (elem declare func $f)
    (func (call_ref $a (i64.const 0) (ref.func $f))))
  "type mismatch")
