#!/usr/bin/env python3
"""Writes what open_clip's tokenizer makes of texts before it cuts them up.

make-clean.py > clean.jsonl    [text, cleaned text], one pair a line

Needs open_clip_torch.
"""
import json

from open_clip.tokenizer import get_clean_fn

TEXTS = r"""
don&#8217;t
don&#8217t
&rsquo;
&rsquo
&ldquo;x&rdquo;
&#146;
&#x92; &#X92;
&#xff21;&#xff22;
&#64257;ne
&amp;amp;lt;
&amp;amp;amp;amp;rsquo;
&amp;rsquo
&am&#112;;
&#59;
&rsquo&#59;
&lt;b&gt;don&#8217;t&lt;/b&gt;
<b>don&#8217;t</b> &#64257; &amp;amp;amp;lt;
<b>\u2019 \ufb01 \uff21 e\u0301</b>
don&#8217;t\nwon&#8217;t <b> &#8217;\ncan&#8217;t
a &lt;\n&#8217;
&copy &copy; &copy2 &copyx; &COPY; &REG
&eacute; &eacute &Eacute; &EACUTEx
&nbsp;a&nbsp;&nbsp;b&nbsp
&hellip; &mdash; &ndash; &bull; &euro; &trade; &apos; &quot;
&apos &hellip
&nosuch; & && &; &#; &#x; &#xg;
&#0;&#x110000;&#xd800;&#99999999999999999999;
a&#1;&#x7f;&#xfdd0;&#xfffe;&#xfeff;b
&#12ab; &#x1f6b6;
&#13;a&#10;b&#9;c
e&#x301; &#x41;&#x30a;
&\uff41mp; \uff06lt\uff1b &lt\u037e
\u2018a\u2019 \u201cb\u201d \u02bc \u0149
\ufb00 \ufb06 \u0132 \u01c4 \u01c6 \u01f1 \u3000x
a\u0001\u007f\ufeff\u206ab
a\u0085b\u2028c\u1680d
\u0392\u0391\u03a3 \u03a3 \u0130 \u1e9e
"""

clean = get_clean_fn("lower")
for line in TEXTS.strip().split("\n"):
    text = line.encode("ascii").decode("unicode_escape")
    print(json.dumps([text, clean(text)]))
