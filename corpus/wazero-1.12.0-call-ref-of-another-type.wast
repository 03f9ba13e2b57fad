;; gainsay:format 1
;; gainsay:known-bug wazero-compiler 1.12.0 trophies/wazero-1.12.0-call-ref-of-another-type.md
;; gainsay:known-bug wazero-interpreter 1.12.0 trophies/wazero-1.12.0-call-ref-of-another-type.md
;; A function of one type may not be called by a reference of another type
;; (§ valid/instructions, call_ref); of its own type it may.
(assert_invalid
  (module
    (type $a (func (param i64))) (type $b (func))
    (func $f (type $b)) (elem declare func $f)
    (func (call_ref $a (i64.const 0) (ref.func $f))))
  "type mismatch")
(module $a
  (type $b (func (result i64)))
  (func $f (type $b) (i64.const 1)) (elem declare func $f)
  (func (export "f") (result i64) (call_ref $b (ref.func $f))))
(assert_return (invoke $a "f") (i64.const 1))
