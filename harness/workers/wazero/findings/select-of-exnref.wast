;; gainsay:format 1
;; gainsay:signature rejects reference=returned|wazero-compiler,wazero-interpreter=rejected [select]
;; gainsay:seed 1
;; gainsay:case 18
;; gainsay:generator 910dae28b334642f
;; gainsay:gainsay 0.1.0
;; gainsay:seen reference: returned
;; gainsay:seen wazero-compiler, wazero-interpreter: rejected: invalid function[0]: invalid type exnref for typed_select
;; gainsay:engine reference@0.1.0
;; gainsay:engine wazero-compiler@1.12.0
;; gainsay:engine wazero-interpreter@1.12.0
;; gainsay:asserts reference
;; § valid/instructions, select: of any value type.
(module definition $B
  (func (local exnref)
    (local.set 0 (select (result exnref) (ref.null exn) (ref.null exn) (i32.const 0)))))
