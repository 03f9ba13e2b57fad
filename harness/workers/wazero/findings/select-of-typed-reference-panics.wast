;; gainsay:format 1
;; gainsay:signature fault reference,wazero-interpreter=completed|wazero-compiler=fault:panic: type index out of range: N [select]
;; gainsay:seed 7
;; gainsay:case 312
;; gainsay:generator 910dae28b334642f
;; gainsay:gainsay 0.1.0
;; gainsay:seen reference, wazero-interpreter: returned
;; gainsay:seen wazero-compiler: fault:panic: type index out of range: N
;; gainsay:engine reference@0.1.0
;; gainsay:engine wazero-compiler@1.12.0
;; gainsay:engine wazero-interpreter@1.12.0
;; gainsay:asserts reference
;; § binary/instructions, select: as select-of-typed-reference.
(module definition $A
  (type (func))
  (type (func (result i32)))
  (type (func (param f64) (result i32)))
  (type (func (param (ref null 2))))
  (func (type 3) (param (ref null 2))
    (drop (select (result (ref null 2)) (local.get 0) (local.get 0) (i32.const 0)))))
