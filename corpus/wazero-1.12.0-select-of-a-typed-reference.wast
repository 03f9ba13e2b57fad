;; gainsay:format 1
;; gainsay:known-bug wazero-compiler 1.12.0 trophies/wazero-1.12.0-select-of-a-typed-reference.md
;; gainsay:known-bug wazero-interpreter 1.12.0 trophies/wazero-1.12.0-select-of-a-typed-reference.md
;; The type of a select takes two bytes or more, none of which is an instruction
;; (§ binary/instructions, Parametric Instructions).
(module $a
  (type $t (func))
  (func (export "f") (result i32)
    (drop (select (result (ref null $t)) (ref.null $t) (ref.null $t) (i32.const 0)))
    (i32.const 1)))
(assert_return (invoke $a "f") (i32.const 1))
