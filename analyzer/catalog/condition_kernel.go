package catalog

import "github.com/pcapdiag/pcapdiag/analyzer/text"

// matchKernel decides a condition on the kernel. What is known of a vendor's
// builds goes first. Beyond that, the numbers of a frozen base prove that a
// kernel is new enough, never that it is too old: 3.10.0-1160.el7 holds
// thousands of fixes made years after 3.10.
func (c *Condition) matchKernel(release string) verdict {
	if release == "" {
		return missing(c.Component, askKernel)
	}
	k, err := ParseKernel(release)
	if err != nil {
		return unreadable(c.Component, release, askKernel)
	}
	byNumber := c.within(k.Base, text.Text{EN: "kernel " + release, ZH: "内核 " + release})
	for _, b := range c.Vendor {
		if v, ok := b.match(k); ok {
			return v
		}
	}
	if k.Frozen && !c.Plain && !c.upstreamDecides(k) {
		return unknown(text.Sprintf(
			"kernel %s (%s) keeps its base version while fixes are back-ported, so the number does not tell",
			"内核 %s（%s）的基础版本号不变而补丁持续回移，从版本号无法判断",
			release, k.Vendor), askChangelog)
	}
	return byNumber
}

// upstreamDecides reports whether the base of k is new enough to have whatever
// mainline changed last: the fix, or the fault where there is no fix.
func (c *Condition) upstreamDecides(k Kernel) bool {
	last := c.Fixed
	if last == "" {
		last = c.From
	}
	return compareNumbers(k.Base, bound(last)) >= 0
}

// match decides k where b speaks of its vendor and base; ok reports whether it
// does.
func (b *VendorBuild) match(k Kernel) (v verdict, ok bool) {
	if fixed, about := buildOf(b.Fixed, k); about {
		if compareNumbers(k.Build, fixed) >= 0 {
			return notAffected(text.Sprintf("kernel %s is %s or later, which has the fix",
				"内核 %s 不早于已含修复的 %s", k.Release, b.Fixed)), true
		}
		return affected(text.Sprintf("kernel %s is older than %s, its vendor's first build with the fix",
			"内核 %s 早于厂商首个含修复的版本 %s", k.Release, b.Fixed)), true
	}
	if good, about := buildOf(b.Good, k); about && compareNumbers(k.Build, good) >= 0 {
		return notAffected(text.Sprintf("kernel %s is not older than %s, which is known to have the fix",
			"内核 %s 不早于已知含修复的 %s", k.Release, b.Good)), true
	}
	if bad, about := buildOf(b.Bad, k); about && compareNumbers(k.Build, bad) <= 0 {
		return affected(text.Sprintf("kernel %s is not later than %s, which is known to lack the fix",
			"内核 %s 不晚于已知未含修复的 %s", k.Release, b.Bad)), true
	}
	return verdict{}, false
}

// buildOf returns the build of release, "" being none, and whether it is of
// the vendor and base of k, so that the builds can be compared.
func buildOf(release string, k Kernel) (build []int, comparable bool) {
	own, err := ParseKernel(release)
	if err != nil {
		return nil, false
	}
	return own.Build, own.Vendor == k.Vendor && compareNumbers(own.Base, k.Base) == 0
}
