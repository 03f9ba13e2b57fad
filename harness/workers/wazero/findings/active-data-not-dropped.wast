;; gainsay:format 1
;; gainsay:signature trap reference=trap:memory_out_of_bounds|wazero-compiler,wazero-interpreter=returned [memory.init]
;; gainsay:seed 7
;; gainsay:case 271
;; gainsay:generator 910dae28b334642f
;; gainsay:gainsay 0.1.0
;; gainsay:seen reference: trap:memory_out_of_bounds
;; gainsay:seen wazero-compiler, wazero-interpreter: returned
;; gainsay:engine reference@0.1.0
;; gainsay:engine wazero-compiler@1.12.0
;; gainsay:engine wazero-interpreter@1.12.0
;; gainsay:asserts reference
;; § exec/modules, instantiation: an active data segment is dropped once it is written.
(module $a
  (memory 1)
  (func (export "f1") (memory.init 0 (i32.const 0) (i32.const 0) (i32.const 1)))
  (data (i32.const 28) "+"))
(assert_trap (invoke $a "f1") "out of bounds memory access")
