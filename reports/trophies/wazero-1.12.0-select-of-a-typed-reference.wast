;; wazero 1.12.0 executes the second byte of the type (§ binary/instructions).
(module
  (type $t (func))
  (func (export "f") (result i32)
    (drop (select (result (ref null $t)) (ref.null $t) (ref.null $t) (i32.const 0)))
    (i32.const 1)))
(assert_return (invoke "f") (i32.const 1))
