# tries: a table of grades nobody can open: hundreds of cells, each of which fails with a long text
# expects: partial
# honest: 1.7
raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")

# %% added
raise ValueError("n1" * 300)

# %% added
raise ValueError("n2" * 300)

# %% added
raise ValueError("n3" * 300)

# %% added
raise ValueError("n4" * 300)

# %% added
raise ValueError("n5" * 300)

# %% added
raise ValueError("n6" * 300)

# %% added
raise ValueError("n7" * 300)

# %% added
raise ValueError("n8" * 300)

# %% added
raise ValueError("n9" * 300)

# %% added
raise ValueError("n10" * 300)

# %% added
raise ValueError("n11" * 300)

# %% added
raise ValueError("n12" * 300)

# %% added
raise ValueError("n13" * 300)

# %% added
raise ValueError("n14" * 300)

# %% added
raise ValueError("n15" * 300)

# %% added
raise ValueError("n16" * 300)

# %% added
raise ValueError("n17" * 300)

# %% added
raise ValueError("n18" * 300)

# %% added
raise ValueError("n19" * 300)

# %% added
raise ValueError("n20" * 300)

# %% added
raise ValueError("n21" * 300)

# %% added
raise ValueError("n22" * 300)

# %% added
raise ValueError("n23" * 300)

# %% added
raise ValueError("n24" * 300)

# %% added
raise ValueError("n25" * 300)

# %% added
raise ValueError("n26" * 300)

# %% added
raise ValueError("n27" * 300)

# %% added
raise ValueError("n28" * 300)

# %% added
raise ValueError("n29" * 300)

# %% added
raise ValueError("n30" * 300)

# %% added
raise ValueError("n31" * 300)

# %% added
raise ValueError("n32" * 300)

# %% added
raise ValueError("n33" * 300)

# %% added
raise ValueError("n34" * 300)

# %% added
raise ValueError("n35" * 300)

# %% added
raise ValueError("n36" * 300)

# %% added
raise ValueError("n37" * 300)

# %% added
raise ValueError("n38" * 300)

# %% added
raise ValueError("n39" * 300)

# %% added
raise ValueError("n40" * 300)

# %% added
raise ValueError("n41" * 300)

# %% added
raise ValueError("n42" * 300)

# %% added
raise ValueError("n43" * 300)

# %% added
raise ValueError("n44" * 300)

# %% added
raise ValueError("n45" * 300)

# %% added
raise ValueError("n46" * 300)

# %% added
raise ValueError("n47" * 300)

# %% added
raise ValueError("n48" * 300)

# %% added
raise ValueError("n49" * 300)

# %% added
raise ValueError("n50" * 300)

# %% added
raise ValueError("n51" * 300)

# %% added
raise ValueError("n52" * 300)

# %% added
raise ValueError("n53" * 300)

# %% added
raise ValueError("n54" * 300)

# %% added
raise ValueError("n55" * 300)

# %% added
raise ValueError("n56" * 300)

# %% added
raise ValueError("n57" * 300)

# %% added
raise ValueError("n58" * 300)

# %% added
raise ValueError("n59" * 300)

# %% added
raise ValueError("n60" * 300)

# %% added
raise ValueError("n61" * 300)

# %% added
raise ValueError("n62" * 300)

# %% added
raise ValueError("n63" * 300)

# %% added
raise ValueError("n64" * 300)

# %% added
raise ValueError("n65" * 300)

# %% added
raise ValueError("n66" * 300)

# %% added
raise ValueError("n67" * 300)

# %% added
raise ValueError("n68" * 300)

# %% added
raise ValueError("n69" * 300)

# %% added
raise ValueError("n70" * 300)

# %% added
raise ValueError("n71" * 300)

# %% added
raise ValueError("n72" * 300)

# %% added
raise ValueError("n73" * 300)

# %% added
raise ValueError("n74" * 300)

# %% added
raise ValueError("n75" * 300)

# %% added
raise ValueError("n76" * 300)

# %% added
raise ValueError("n77" * 300)

# %% added
raise ValueError("n78" * 300)

# %% added
raise ValueError("n79" * 300)

# %% added
raise ValueError("n80" * 300)

# %% added
raise ValueError("n81" * 300)

# %% added
raise ValueError("n82" * 300)

# %% added
raise ValueError("n83" * 300)

# %% added
raise ValueError("n84" * 300)

# %% added
raise ValueError("n85" * 300)

# %% added
raise ValueError("n86" * 300)

# %% added
raise ValueError("n87" * 300)

# %% added
raise ValueError("n88" * 300)

# %% added
raise ValueError("n89" * 300)

# %% added
raise ValueError("n90" * 300)

# %% added
raise ValueError("n91" * 300)

# %% added
raise ValueError("n92" * 300)

# %% added
raise ValueError("n93" * 300)

# %% added
raise ValueError("n94" * 300)

# %% added
raise ValueError("n95" * 300)

# %% added
raise ValueError("n96" * 300)

# %% added
raise ValueError("n97" * 300)

# %% added
raise ValueError("n98" * 300)

# %% added
raise ValueError("n99" * 300)

# %% added
raise ValueError("n100" * 300)

# %% added
raise ValueError("n101" * 300)

# %% added
raise ValueError("n102" * 300)

# %% added
raise ValueError("n103" * 300)

# %% added
raise ValueError("n104" * 300)

# %% added
raise ValueError("n105" * 300)

# %% added
raise ValueError("n106" * 300)

# %% added
raise ValueError("n107" * 300)

# %% added
raise ValueError("n108" * 300)

# %% added
raise ValueError("n109" * 300)

# %% added
raise ValueError("n110" * 300)

# %% added
raise ValueError("n111" * 300)

# %% added
raise ValueError("n112" * 300)

# %% added
raise ValueError("n113" * 300)

# %% added
raise ValueError("n114" * 300)

# %% added
raise ValueError("n115" * 300)

# %% added
raise ValueError("n116" * 300)

# %% added
raise ValueError("n117" * 300)

# %% added
raise ValueError("n118" * 300)

# %% added
raise ValueError("n119" * 300)

# %% added
raise ValueError("n120" * 300)

# %% added
raise ValueError("n121" * 300)

# %% added
raise ValueError("n122" * 300)

# %% added
raise ValueError("n123" * 300)

# %% added
raise ValueError("n124" * 300)

# %% added
raise ValueError("n125" * 300)

# %% added
raise ValueError("n126" * 300)

# %% added
raise ValueError("n127" * 300)

# %% added
raise ValueError("n128" * 300)

# %% added
raise ValueError("n129" * 300)

# %% added
raise ValueError("n130" * 300)

# %% added
raise ValueError("n131" * 300)

# %% added
raise ValueError("n132" * 300)

# %% added
raise ValueError("n133" * 300)

# %% added
raise ValueError("n134" * 300)

# %% added
raise ValueError("n135" * 300)

# %% added
raise ValueError("n136" * 300)

# %% added
raise ValueError("n137" * 300)

# %% added
raise ValueError("n138" * 300)

# %% added
raise ValueError("n139" * 300)

# %% added
raise ValueError("n140" * 300)

# %% added
raise ValueError("n141" * 300)

# %% added
raise ValueError("n142" * 300)

# %% added
raise ValueError("n143" * 300)

# %% added
raise ValueError("n144" * 300)

# %% added
raise ValueError("n145" * 300)

# %% added
raise ValueError("n146" * 300)

# %% added
raise ValueError("n147" * 300)

# %% added
raise ValueError("n148" * 300)

# %% added
raise ValueError("n149" * 300)

# %% added
raise ValueError("n150" * 300)

# %% added
raise ValueError("n151" * 300)

# %% added
raise ValueError("n152" * 300)

# %% added
raise ValueError("n153" * 300)

# %% added
raise ValueError("n154" * 300)

# %% added
raise ValueError("n155" * 300)

# %% added
raise ValueError("n156" * 300)

# %% added
raise ValueError("n157" * 300)

# %% added
raise ValueError("n158" * 300)

# %% added
raise ValueError("n159" * 300)

# %% added
raise ValueError("n160" * 300)

# %% added
raise ValueError("n161" * 300)

# %% added
raise ValueError("n162" * 300)

# %% added
raise ValueError("n163" * 300)

# %% added
raise ValueError("n164" * 300)

# %% added
raise ValueError("n165" * 300)

# %% added
raise ValueError("n166" * 300)

# %% added
raise ValueError("n167" * 300)

# %% added
raise ValueError("n168" * 300)

# %% added
raise ValueError("n169" * 300)

# %% added
raise ValueError("n170" * 300)

# %% added
raise ValueError("n171" * 300)

# %% added
raise ValueError("n172" * 300)

# %% added
raise ValueError("n173" * 300)

# %% added
raise ValueError("n174" * 300)

# %% added
raise ValueError("n175" * 300)

# %% added
raise ValueError("n176" * 300)

# %% added
raise ValueError("n177" * 300)

# %% added
raise ValueError("n178" * 300)

# %% added
raise ValueError("n179" * 300)

# %% added
raise ValueError("n180" * 300)

# %% added
raise ValueError("n181" * 300)

# %% added
raise ValueError("n182" * 300)

# %% added
raise ValueError("n183" * 300)

# %% added
raise ValueError("n184" * 300)

# %% added
raise ValueError("n185" * 300)

# %% added
raise ValueError("n186" * 300)

# %% added
raise ValueError("n187" * 300)

# %% added
raise ValueError("n188" * 300)

# %% added
raise ValueError("n189" * 300)

# %% added
raise ValueError("n190" * 300)

# %% added
raise ValueError("n191" * 300)

# %% added
raise ValueError("n192" * 300)

# %% added
raise ValueError("n193" * 300)

# %% added
raise ValueError("n194" * 300)

# %% added
raise ValueError("n195" * 300)

# %% added
raise ValueError("n196" * 300)

# %% added
raise ValueError("n197" * 300)

# %% added
raise ValueError("n198" * 300)

# %% added
raise ValueError("n199" * 300)

# %% added
raise ValueError("n200" * 300)

# %% added
raise ValueError("n201" * 300)

# %% added
raise ValueError("n202" * 300)

# %% added
raise ValueError("n203" * 300)

# %% added
raise ValueError("n204" * 300)

# %% added
raise ValueError("n205" * 300)

# %% added
raise ValueError("n206" * 300)

# %% added
raise ValueError("n207" * 300)

# %% added
raise ValueError("n208" * 300)

# %% added
raise ValueError("n209" * 300)

# %% added
raise ValueError("n210" * 300)

# %% added
raise ValueError("n211" * 300)

# %% added
raise ValueError("n212" * 300)

# %% added
raise ValueError("n213" * 300)

# %% added
raise ValueError("n214" * 300)

# %% added
raise ValueError("n215" * 300)

# %% added
raise ValueError("n216" * 300)

# %% added
raise ValueError("n217" * 300)

# %% added
raise ValueError("n218" * 300)

# %% added
raise ValueError("n219" * 300)

# %% added
raise ValueError("n220" * 300)

# %% added
raise ValueError("n221" * 300)

# %% added
raise ValueError("n222" * 300)

# %% added
raise ValueError("n223" * 300)

# %% added
raise ValueError("n224" * 300)

# %% added
raise ValueError("n225" * 300)

# %% added
raise ValueError("n226" * 300)

# %% added
raise ValueError("n227" * 300)

# %% added
raise ValueError("n228" * 300)

# %% added
raise ValueError("n229" * 300)

# %% added
raise ValueError("n230" * 300)

# %% added
raise ValueError("n231" * 300)

# %% added
raise ValueError("n232" * 300)

# %% added
raise ValueError("n233" * 300)

# %% added
raise ValueError("n234" * 300)

# %% added
raise ValueError("n235" * 300)

# %% added
raise ValueError("n236" * 300)

# %% added
raise ValueError("n237" * 300)

# %% added
raise ValueError("n238" * 300)

# %% added
raise ValueError("n239" * 300)

# %% added
raise ValueError("n240" * 300)

# %% added
raise ValueError("n241" * 300)

# %% added
raise ValueError("n242" * 300)

# %% added
raise ValueError("n243" * 300)

# %% added
raise ValueError("n244" * 300)

# %% added
raise ValueError("n245" * 300)

# %% added
raise ValueError("n246" * 300)

# %% added
raise ValueError("n247" * 300)

# %% added
raise ValueError("n248" * 300)

# %% added
raise ValueError("n249" * 300)

# %% added
raise ValueError("n250" * 300)

# %% added
raise ValueError("n251" * 300)

# %% added
raise ValueError("n252" * 300)

# %% added
raise ValueError("n253" * 300)

# %% added
raise ValueError("n254" * 300)

# %% added
raise ValueError("n255" * 300)

# %% added
raise ValueError("n256" * 300)

# %% added
raise ValueError("n257" * 300)

# %% added
raise ValueError("n258" * 300)

# %% added
raise ValueError("n259" * 300)

# %% added
raise ValueError("n260" * 300)

# %% added
raise ValueError("n261" * 300)

# %% added
raise ValueError("n262" * 300)

# %% added
raise ValueError("n263" * 300)

# %% added
raise ValueError("n264" * 300)

# %% added
raise ValueError("n265" * 300)

# %% added
raise ValueError("n266" * 300)

# %% added
raise ValueError("n267" * 300)

# %% added
raise ValueError("n268" * 300)

# %% added
raise ValueError("n269" * 300)

# %% added
raise ValueError("n270" * 300)

# %% added
raise ValueError("n271" * 300)

# %% added
raise ValueError("n272" * 300)

# %% added
raise ValueError("n273" * 300)

# %% added
raise ValueError("n274" * 300)

# %% added
raise ValueError("n275" * 300)

# %% added
raise ValueError("n276" * 300)

# %% added
raise ValueError("n277" * 300)

# %% added
raise ValueError("n278" * 300)

# %% added
raise ValueError("n279" * 300)

# %% added
raise ValueError("n280" * 300)

# %% added
raise ValueError("n281" * 300)

# %% added
raise ValueError("n282" * 300)

# %% added
raise ValueError("n283" * 300)

# %% added
raise ValueError("n284" * 300)

# %% added
raise ValueError("n285" * 300)

# %% added
raise ValueError("n286" * 300)

# %% added
raise ValueError("n287" * 300)

# %% added
raise ValueError("n288" * 300)

# %% added
raise ValueError("n289" * 300)

# %% added
raise ValueError("n290" * 300)

# %% added
raise ValueError("n291" * 300)

# %% added
raise ValueError("n292" * 300)

# %% added
raise ValueError("n293" * 300)

# %% added
raise ValueError("n294" * 300)

# %% added
raise ValueError("n295" * 300)

# %% added
raise ValueError("n296" * 300)

# %% added
raise ValueError("n297" * 300)

# %% added
raise ValueError("n298" * 300)

# %% added
raise ValueError("n299" * 300)

# %% added
raise ValueError("n300" * 300)

