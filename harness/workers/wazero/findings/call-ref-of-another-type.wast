;; gainsay:format 1
;; § valid/instructions, call_ref: the reference must be of the type that is named. wazero 1.12.0
;; accepts any: here a function without parameters is called with one.
(assert_invalid
  (module
    (type $a (func (param i32))) (type $b (func))
    (func $f (type $b)) (elem declare func $f)
    (func (call_ref $a (i32.const 0) (ref.func $f))))
  "type mismatch")
