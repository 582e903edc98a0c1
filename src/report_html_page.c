/*
 * The page around the sections. Its script is named by hash in the policy for contents, so nothing else on the page
 * could run, even if it were a script. A test compares the hash.
 */
#include "report_html.h"

#define SCRIPT_HASH "sha256-LBNNbciTCpj1YLPUzj7YhWaz7Fc3nRxz3CtHP6Yy+Gg="

#define STYLE \
	":root{color-scheme:light dark;--bg:#fff;--fg:#1b1f24;--dim:#57606a;--line:#d0d7de;--box:#f6f8fa;" \
	"--old:#ffebe9;" \
	"--new:#dafbe1;--none:#f3f4f6;--bad:#cf222e;--good:#1a7f37;--link:#0550ae}\n" \
	"@media(prefers-color-scheme:dark){:root{--bg:#0d1117;--fg:#e6edf3;--dim:#9198a1;--line:#3d444d;" \
	"--box:#151b23;" \
	"--old:#4b1a1e;--new:#12351f;--none:#161b22;--bad:#ff7b72;--good:#3fb950;--link:#79c0ff}}\n" \
	"*{box-sizing:border-box}body{margin:0 auto;max-width:80rem;padding:1rem;background:var(--bg);" \
	"color:var(--fg);" \
	"font:16px/1.5 system-ui,sans-serif}h1{font-size:1.6rem}h2{margin:2rem 0 .5rem;font-size:1.2rem}" \
	"nav a,a{color:var(--link)}nav{display:flex;flex-wrap:wrap;gap:.25rem 1rem}\n" \
	".cards{display:flex;flex-wrap:wrap;gap:.75rem;padding:0;list-style:none}.cards li{background:var(--box);" \
	"border:1px solid var(--line);border-radius:.5rem;padding:.5rem 1rem}.cards b{display:block;" \
	"font-size:1.4rem}\n" \
	".wide{overflow-x:auto}table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;" \
	"padding:.3rem .5rem;border-bottom:1px solid var(--line)}td.num,th.num{text-align:right;white-space:nowrap}" \
	"td{overflow-wrap:anywhere}td.word{white-space:nowrap}.scroll{max-height:32rem;overflow:auto}\n" \
	".bar{display:block;width:100%;min-width:8rem;height:.6rem;margin:.2rem 0}.bar .all{fill:var(--line)}" \
	".bar .before{fill:var(--bad)}.bar .after{fill:var(--good)}.bar .count{fill:var(--link)}\n" \
	".tools{position:sticky;top:0;z-index:1;display:flex;flex-wrap:wrap;gap:.5rem;align-items:center;" \
	"padding:.5rem 0;" \
	"background:var(--bg)}input,select,button{font:inherit;padding:.4rem .6rem;color:inherit;" \
	"background:var(--box);" \
	"border:1px solid var(--line);border-radius:.4rem;max-width:100%}input[type=search]{flex:1 1 14rem}\n" \
	":focus-visible{outline:3px solid var(--link);outline-offset:1px}[hidden]{display:none!important}\n" \
	"details.file{border:1px solid var(--line);border-radius:.4rem;margin:.4rem 0;content-visibility:auto;" \
	"contain-intrinsic-size:auto 2.6rem}summary{cursor:pointer;padding:.4rem .6rem;overflow-wrap:anywhere}" \
	"summary small{color:var(--dim)}\n" \
	".diff{font:13px/1.45 ui-monospace,monospace;table-layout:fixed}.diff td{border:0;padding:0 .4rem;" \
	"white-space:pre-wrap;" \
	"tab-size:8}.diff col.n{width:3.6rem}.diff td.n{text-align:right;color:var(--dim);user-select:none}" \
	".diff .old{background:var(--old)}" \
	".diff .new{background:var(--new)}.diff .none{background:var(--none)}.diff .hunk td{color:var(--dim);" \
	"background:var(--box)}.diff .old::before{content:\"-\"}.diff .new::before{content:\"+\"}" \
	".diff .both::before{content:\" \"}\n" \
	"@media(max-width:44rem){body{padding:.6rem}#kept+.wide table{min-width:56rem}#person+.wide table{" \
	"min-width:36rem}" \
	".diff colgroup{display:none}.diff,.diff tbody{display:block}.diff tr{display:flex;flex-wrap:wrap}" \
	".diff td{flex:1 0 calc(100% - 3.6rem);padding:0 .3rem}.diff td.n{flex:0 0 3.6rem}.diff td.none,.diff " \
	"td.n:empty," \
	".diff .same td:nth-child(n+3){display:none}}\n" \
	"@media print{.tools,nav{display:none}}\n"

#define SCRIPT \
	"'use strict';(function(){" \
	"var q=document.getElementById('q'),repo=document.getElementById('repo')," \
	"kind=document.getElementById('kind')," \
	"shown=document.getElementById('shown'),files=[].slice.call(document.querySelectorAll('details.file'))," \
	"texts=null,timer=0;" \
	"function filter(){timer=0;var words=q.value.toLowerCase().split(/\\s+/).filter(Boolean),n=0;" \
	"if(words.length&&!texts)texts=files.map(function(f){return f.textContent.toLowerCase();});" \
	"files.forEach(function(f,i){var ok=(!repo.value||f.dataset.repo===repo.value)" \
	"&&(!kind.value||f.dataset[kind.value]==='1')&&" \
	"words.every(function(w){return texts[i].indexOf(w)>=0;});f.hidden=!ok;n+=ok;});" \
	"shown.textContent=n+' of '+files.length+' files';}" \
	"function later(){if(timer)clearTimeout(timer);timer=setTimeout(filter,120);}" \
	"function visible(){return files.filter(function(f){return !f.hidden;});}" \
	"function go(by){var v=visible()," \
	"at=v.indexOf(document.activeElement&&document.activeElement.closest('details.file'));" \
	"var f=v[Math.max(0,Math.min(v.length-1,at<0?(by>0?0:v.length-1):at+by))];" \
	"if(f){var s=f.querySelector('summary');s.focus();s.scrollIntoView({block:'center'});}}" \
	"q.addEventListener('input',later);repo.addEventListener('change',filter);" \
	"kind.addEventListener('change',filter);" \
	"document.getElementById('open').addEventListener('click',function(){visible().slice(0,200).forEach(" \
	"function(f){f.open=true;});});" \
	"document.getElementById('close').addEventListener('click',function(){files.forEach(function(f){" \
	"f.open=false;});});" \
	"document.addEventListener('keydown',function(e){var t=e.target.tagName;" \
	"if(e.ctrlKey||e.metaKey||e.altKey)return;" \
	"if(e.key==='Escape'&&e.target===q){q.value='';filter();return;}" \
	"if(t==='INPUT'||t==='SELECT')return;" \
	"if(e.key==='/'){e.preventDefault();q.focus();}else if(e.key==='j')go(1);else if(e.key==='k')go(-1);});" \
	"var repos={};files.forEach(function(f){repos[f.dataset.repo]=1;});" \
	"Object.keys(repos).sort().forEach(function(r){var o=document.createElement('option');o.value=r;" \
	"o.textContent=r||'(none)';if(r)repo.appendChild(o);});" \
	"document.querySelector('.tools').hidden=false;filter();})();"

const char html_head[] =
	"<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	"<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
	"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
	"script-src '" SCRIPT_HASH "'; base-uri 'none'; form-action 'none'\">\n"
	"<meta name=\"referrer\" content=\"no-referrer\">\n<title>capfix report</title>\n<style>\n" STYLE
	"</style>\n</head>\n<body>\n<h1>capfix report</h1>\n"
	"<p>Every container must drop ALL capabilities, and add back only those that somebody has justified.</p>\n"
	"<nav aria-label=\"Sections\"><a href=\"#compliance\">Compliance</a> <a href=\"#removed\">Removed</a> "
	"<a href=\"#person\">Needs a person</a> <a href=\"#kept\">Kept</a> <a href=\"#diffs\">Diffs</a></nav>\n";

const char html_tail[] = "<script>" SCRIPT "</script>\n</body>\n</html>\n";
