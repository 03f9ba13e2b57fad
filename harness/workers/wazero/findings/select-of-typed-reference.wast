;; gainsay:format 1
;; gainsay:signature trap reference=returned|wazero-compiler,wazero-interpreter=trap:unreachable [select]
;; gainsay:seed 7
;; gainsay:case 40
;; gainsay:generator 910dae28b334642f
;; gainsay:gainsay 0.1.0
;; gainsay:seen reference: returned (i64.const 0)
;; gainsay:seen wazero-compiler, wazero-interpreter: trap:unreachable
;; gainsay:engine reference@0.1.0
;; gainsay:engine wazero-compiler@1.12.0
;; gainsay:engine wazero-interpreter@1.12.0
;; gainsay:asserts reference
;; § binary/instructions, select: the type takes several bytes; the code after the first is executed.
(module $a
  (global (ref null 0) (ref.null 0))
  (func (export "f0") (result i64)
    (drop (select (result (ref null 0)) (global.get 0) (ref.func 0) (i32.const 0)))
    (i64.const 0)))
(assert_return (invoke $a "f0") (i64.const 0))
