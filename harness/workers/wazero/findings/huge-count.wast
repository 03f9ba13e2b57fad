;; gainsay:format 1
;; § binary/modules: a section that says it has 2^32 - 1 elements and ends there is malformed.
;; wazero 1.12.0 takes memory for all of them first, which ends the process ("fatal error:
;; runtime: out of memory", which no recover catches); so do sections 4, 6, 7, 9, 10 and 11.
(assert_malformed
  (module binary "\00asm\01\00\00\00" "\02\05\ff\ff\ff\ff\0f")
  "unexpected end")
