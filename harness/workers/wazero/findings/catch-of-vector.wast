;; gainsay:format 1
;; gainsay:signature fault reference,wazero-compiler=completed|wazero-interpreter=fault:runtime error: slice bounds out of range \[:-N] (recovered by wazero) wasm stack [throw try_table]
;; gainsay:seed 7
;; gainsay:case 157
;; gainsay:generator 910dae28b334642f
;; gainsay:gainsay 0.1.0
;; gainsay:seen reference, wazero-compiler: returned
;; gainsay:seen wazero-interpreter: fault:runtime error: slice bounds out of range [:-N] (recovered by wazero) wasm stack
;; gainsay:engine reference@0.1.0
;; gainsay:engine wazero-compiler@1.12.0
;; gainsay:engine wazero-interpreter@1.12.0
;; gainsay:asserts reference
;; § exec/instructions, try_table: a vector among the values of an exception; interpreter only.
(module $a
  (tag (param i64 v128))
  (func (export "f4") (param v128)
    (block (result i64 v128)
      (try_table (catch 0 0) (throw 0 (i64.const 0) (local.get 0)))
      (i64.const 0)
      (v128.const i32x4 0x0000003b 0x00000009 0x00000020 0x0000000c))
    (drop)
    (drop)))
(assert_return (invoke $a "f4" (v128.const i32x4 0x00000000 0x00000000 0x00000000 0x00000000)))
