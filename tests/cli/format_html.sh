# --format html: nothing that comes from manifests, names or policies is more than text. In a browser too, if there is one.
checker="$here/../report/check.py"
mkdir tree && cd tree || exit
for repository in shop 'a<b>&"x'; do
	mkdir -p "$repository/deploy" && git init -q "$repository"
done
added shop/deploy/kept.yaml
fine shop/deploy/fine.yaml
refused shop/deploy/refused.yaml
unparsable shop/deploy/bad.yaml
pod shop/deploy/both.yaml
echo '        securityContext: {}' >>shop/deploy/both.yaml
for i in 1 2 3; do
	sed -e 's/NET_BIND_SERVICE/SYS_TIME   # <script>document.title="owned"<\/script>/' \
		-e "s/name: web/name: \"<\/td><\/details><script>document.title='owned'<\/script>$i\"/" \
		-e "s/image: .*/image: \"x'\\\\\"><svg onload=document.title='owned'>\\\\e[31m\\\\u202e\"/" \
		shop/deploy/kept.yaml >shop/deploy/$i.yaml
done
sed 's/$/\r/' shop/deploy/1.yaml >'a<b>&"x/deploy/<img src=x onerror=document.title=1>.yaml'
cat >shop/.capfix.yaml <<'END'
version: 1
allow:
  - capability: NET_BIND_SERVICE
    reason: "listens on :80 <script>document.title='owned'</script>"
    expires: 2027-06-30
END

exits 2 "html" --format html .
cp "$out" ../page.html
exits 2 "html again" --format html .
same "is the same, byte for byte" "$out" ../page.html
check "one script, which the page's policy names; no other tag, handler, link or control character" \
	/usr/bin/python3 "$checker" html ../page.html
check "each repository has its share" grep -q '<tr><td>shop</td>.*<td class="num">28.5&nbsp;%</td><td class="num">85.7&nbsp;%</td><td class="num">7</td>' ../page.html
check "also one with a name that is none" grep -q '<tr><td>a&#60;b&#62;&#38;&#34;x</td>' ../page.html
check "what goes is counted" sh -c 'grep -A1 "<td>SYS_TIME</td>" ../page.html | grep -q "<td class=\"num\">4</td>"'
check "what needs a person is listed" grep -q '<tr><td>shop/deploy/refused.yaml:13</td><td>refused</td>' ../page.html
check "what is kept has its reason and its end" grep -q '<td class="word">NET_BIND_SERVICE</td><td>listens on :80 &#60;script&#62;.*<td class="word">2027-06-30</td>' ../page.html
check "each changed file has a diff" test "$(grep -c '^<details class="file"' ../page.html)" -eq 5
check "with its lines side by side" grep -q '<tr><td class="n">11</td><td class="old">        securityContext: {}</td><td class="n">11</td><td class="new">        securityContext:</td></tr>' ../page.html
(cd shop && exits 1 "within a repository" --format html deploy/1.yaml)
check "it has its own name" grep -q '<tr><td>shop</td>' "$out"
exits 0 "with nothing to fix" --format html shop/deploy/fine.yaml
check "is a page too" /usr/bin/python3 "$checker" html "$out"

browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome)
if [ -n "$browser" ]; then
	timeout 60 "$browser" --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --user-data-dir="$top/browser" \
		--virtual-time-budget=2000 --dump-dom "file://$top/$file/page.html" >../dom.html 2>/dev/null
	check "in a browser nothing of it runs" grep -q '<title>capfix report</title>' ../dom.html
	check "but the page's own script" grep -q 'id="shown" role="status">5 of 5 files<' ../dom.html
else
	pass "in a browser nothing of it runs # skipped: no chromium"
fi
