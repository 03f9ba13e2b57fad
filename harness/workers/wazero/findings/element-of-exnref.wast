;; gainsay:format 1
;; gainsay:signature rejects reference=returned|wazero-compiler,wazero-interpreter=rejected
;; gainsay:seed 7
;; gainsay:case 42
;; gainsay:generator 910dae28b334642f
;; gainsay:gainsay 0.1.0
;; gainsay:seen reference: returned
;; gainsay:seen wazero-compiler, wazero-interpreter: rejected: section element: read element: invalid ref type for element: 0x69
;; gainsay:engine reference@0.1.0
;; gainsay:engine wazero-compiler@1.12.0
;; gainsay:engine wazero-interpreter@1.12.0
;; gainsay:asserts reference
;; § valid/modules, element segments: of any reference type.
(module definition $A (elem declare exnref))
