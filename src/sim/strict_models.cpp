#include "sim/strict.hpp"

namespace csatdb::sim {

// The request models of genesys-schema.json: "member:type", "!" after a required one, "[…]" for
// arrays, "enum.…" for the closed lists below.
const char* const kRequestModels = R"(
model ConversationQuery conversationFilters:[ConversationDetailQueryFilter]
  segmentFilters:[SegmentDetailQueryFilter] evaluationFilters:[EvaluationDetailQueryFilter]
  surveyFilters:[SurveyDetailQueryFilter] resolutionFilters:[ResolutionDetailQueryFilter]
  order:enum.ConversationQuery.order orderBy:enum.ConversationQuery.orderBy interval!:text
  aggregations:[AnalyticsQueryAggregation] paging:PagingSpec ;
model ConversationDetailQueryFilter type!:enum.ConversationDetailQueryFilter.type
  clauses:[ConversationDetailQueryClause] predicates:[ConversationDetailQueryPredicate] ;
model ConversationDetailQueryClause type!:enum.ConversationDetailQueryFilter.type
  predicates!:[ConversationDetailQueryPredicate] ;
model ConversationDetailQueryPredicate type:enum.ConversationDetailQueryPredicate.type
  dimension:enum.ConversationDetailQueryPredicate.dimension
  metric:enum.ConversationDetailQueryPredicate.metric
  operator:enum.ConversationDetailQueryPredicate.operator value:text range:NumericRange ;
model NumericRange gt:number gte:number lt:number lte:number ;
model SegmentDetailQueryFilter type!:enum.ConversationDetailQueryFilter.type
  clauses:[SegmentDetailQueryClause] predicates:[SegmentDetailQueryPredicate] ;
model SegmentDetailQueryClause type!:enum.ConversationDetailQueryFilter.type
  predicates!:[SegmentDetailQueryPredicate] ;
model SegmentDetailQueryPredicate type:enum.ConversationDetailQueryPredicate.type
  dimension:enum.SegmentDetailQueryPredicate.dimension
  propertyType:enum.SegmentDetailQueryPredicate.propertyType property:text
  metric:enum.SegmentDetailQueryPredicate.metric
  operator:enum.ConversationDetailQueryPredicate.operator value:text range:NumericRange ;
model EvaluationDetailQueryFilter type!:enum.ConversationDetailQueryFilter.type
  clauses:[EvaluationDetailQueryClause] predicates:[EvaluationDetailQueryPredicate] ;
model EvaluationDetailQueryClause type!:enum.ConversationDetailQueryFilter.type
  predicates!:[EvaluationDetailQueryPredicate] ;
model EvaluationDetailQueryPredicate type:enum.ConversationDetailQueryPredicate.type
  dimension:enum.EvaluationDetailQueryPredicate.dimension
  metric:enum.EvaluationDetailQueryPredicate.metric
  operator:enum.ConversationDetailQueryPredicate.operator value:text range:NumericRange ;
model SurveyDetailQueryFilter type!:enum.ConversationDetailQueryFilter.type
  clauses:[SurveyDetailQueryClause] predicates:[SurveyDetailQueryPredicate] ;
model SurveyDetailQueryClause type!:enum.ConversationDetailQueryFilter.type
  predicates!:[SurveyDetailQueryPredicate] ;
model SurveyDetailQueryPredicate type:enum.ConversationDetailQueryPredicate.type
  dimension:enum.SurveyDetailQueryPredicate.dimension
  metric:enum.SurveyDetailQueryPredicate.metric
  operator:enum.ConversationDetailQueryPredicate.operator value:text range:NumericRange ;
model ResolutionDetailQueryFilter type!:enum.ConversationDetailQueryFilter.type
  clauses:[ResolutionDetailQueryClause] predicates:[ResolutionDetailQueryPredicate] ;
model ResolutionDetailQueryClause type!:enum.ConversationDetailQueryFilter.type
  predicates!:[ResolutionDetailQueryPredicate] ;
model ResolutionDetailQueryPredicate type:enum.ConversationDetailQueryPredicate.type
  metric:enum.ResolutionDetailQueryPredicate.metric
  operator:enum.ConversationDetailQueryPredicate.operator value:text range:NumericRange ;
model AnalyticsQueryAggregation type:enum.AnalyticsQueryAggregation.type dimension:text
  metric:text size:integer ranges:[AggregationRange] ;
model AggregationRange gte:number lt:number ;
model PagingSpec pageSize!:integer pageNumber!:integer ;
model AsyncConversationQuery conversationFilters:[ConversationDetailQueryFilter]
  segmentFilters:[SegmentDetailQueryFilter] evaluationFilters:[EvaluationDetailQueryFilter]
  surveyFilters:[SurveyDetailQueryFilter] resolutionFilters:[ResolutionDetailQueryFilter]
  order:enum.ConversationQuery.order orderBy:enum.ConversationQuery.orderBy interval!:text
  limit:integer startOfDayIntervalMatching:boolean ;
model SurveyAggregationQuery interval!:text granularity:text timeZone:text
  groupBy:[enum.SurveyAggregationQuery.groupBy] filter:SurveyAggregateQueryFilter
  metrics!:[enum.SurveyAggregationQuery.metrics] flattenMultivaluedDimensions:boolean
  views:[SurveyAggregationView]
  alternateTimeDimension:enum.SurveyAggregationQuery.alternateTimeDimension ;
model SurveyAggregateQueryFilter type!:enum.ConversationDetailQueryFilter.type
  clauses:[SurveyAggregateQueryClause] predicates:[SurveyAggregateQueryPredicate] ;
model SurveyAggregateQueryClause type!:enum.ConversationDetailQueryFilter.type
  predicates!:[SurveyAggregateQueryPredicate] ;
model SurveyAggregateQueryPredicate type:enum.ConversationDetailQueryPredicate.type
  dimension:enum.SurveyAggregateQueryPredicate.dimension
  operator:enum.ConversationDetailQueryPredicate.operator value:text range:NumericRange ;
model SurveyAggregationView target!:enum.SurveyAggregationQuery.metrics name!:text
  function!:enum.SurveyAggregationView.function range:AggregationRange ;
model ConversationAggregationQuery interval!:text granularity:text timeZone:text
  groupBy:[enum.ConversationAggregationQuery.groupBy] filter:ConversationAggregateQueryFilter
  metrics!:[enum.ConversationAggregationQuery.metrics] flattenMultivaluedDimensions:boolean
  views:[ConversationAggregationView]
  alternateTimeDimension:enum.ConversationAggregationQuery.alternateTimeDimension
  queryType:enum.ConversationAggregationQuery.queryType sortMetric:ConversationAggregationSort
  limit:integer ;
model ConversationAggregateQueryFilter type!:enum.ConversationDetailQueryFilter.type
  clauses:[ConversationAggregateQueryClause] predicates:[ConversationAggregateQueryPredicate] ;
model ConversationAggregateQueryClause type!:enum.ConversationDetailQueryFilter.type
  predicates!:[ConversationAggregateQueryPredicate] ;
model ConversationAggregateQueryPredicate type:enum.ConversationDetailQueryPredicate.type
  dimension:enum.ConversationAggregateQueryPredicate.dimension
  operator:enum.ConversationDetailQueryPredicate.operator value:text range:NumericRange ;
model ConversationAggregationView target!:enum.ConversationAggregationView.target name!:text
  function!:enum.SurveyAggregationView.function range:AggregationRange ;
model ConversationAggregationSort name!:enum.ConversationAggregationSort.name
  function!:enum.ConversationAggregationSort.function ;
model EvaluationAggregationQuery interval!:text granularity:text timeZone:text
  groupBy:[enum.EvaluationAggregationQuery.groupBy] filter:EvaluationAggregateQueryFilter
  metrics!:[enum.EvaluationAggregationQuery.metrics] flattenMultivaluedDimensions:boolean
  views:[EvaluationAggregationView]
  alternateTimeDimension:enum.EvaluationAggregationQuery.alternateTimeDimension ;
model EvaluationAggregateQueryFilter type!:enum.ConversationDetailQueryFilter.type
  clauses:[EvaluationAggregateQueryClause] predicates:[EvaluationAggregateQueryPredicate] ;
model EvaluationAggregateQueryClause type!:enum.ConversationDetailQueryFilter.type
  predicates!:[EvaluationAggregateQueryPredicate] ;
model EvaluationAggregateQueryPredicate type:enum.ConversationDetailQueryPredicate.type
  dimension:enum.EvaluationAggregateQueryPredicate.dimension
  operator:enum.ConversationDetailQueryPredicate.operator value:text range:NumericRange ;
model EvaluationAggregationView target!:enum.EvaluationAggregationQuery.metrics name!:text
  function!:enum.SurveyAggregationView.function range:AggregationRange ;
model ResolutionAggregationQuery interval!:text granularity:text timeZone:text
  groupBy:[enum.ResolutionAggregationQuery.groupBy] filter:ResolutionAggregateQueryFilter
  metrics!:[enum.ResolutionDetailQueryPredicate.metric] flattenMultivaluedDimensions:boolean
  views:[ResolutionAggregationView]
  alternateTimeDimension:enum.ResolutionAggregationQuery.alternateTimeDimension ;
model ResolutionAggregateQueryFilter type!:enum.ConversationDetailQueryFilter.type
  clauses:[ResolutionAggregateQueryClause] predicates:[ResolutionAggregateQueryPredicate] ;
model ResolutionAggregateQueryClause type!:enum.ConversationDetailQueryFilter.type
  predicates!:[ResolutionAggregateQueryPredicate] ;
model ResolutionAggregateQueryPredicate type:enum.ConversationDetailQueryPredicate.type
  dimension:enum.ResolutionAggregateQueryPredicate.dimension
  operator:enum.ConversationDetailQueryPredicate.operator value:text range:NumericRange ;
model ResolutionAggregationView target!:enum.ResolutionDetailQueryPredicate.metric name!:text
  function!:enum.SurveyAggregationView.function range:AggregationRange ;
model CreateSurveyRequest conversationId!:text surveyFormContextId!:text agentId:text queueId:text
  ;
enum ConversationDetailQueryFilter.type and or ;
enum ConversationDetailQueryPredicate.type dimension property metric ;
enum ConversationDetailQueryPredicate.dimension accessAttribute conversationEnd conversationId
  conversationInitiator conversationStart customerParticipation divisionId externalTag
  mediaStatsMinConversationMos originatingDirection originatingSocialMediaPublic ;
enum ConversationDetailQueryPredicate.metric nBlindTransferred nBotInteractions nCallbackAttempts
  nCallbackOverSla nCallbackScheduled nCobrowseSessions nConnected nConsult nConsultTransferred
  nConversations nError nFlow nFlowMilestone nFlowOutcome nFlowOutcomeFailed nOffered nOutbound
  nOutboundAbandoned nOutboundAttempted nOutboundConnected nOverSla nStateTransitionError
  nTakeover nTransferred oAudioMessageCount oExternalAudioMessageCount oExternalMediaCount
  oFlowMilestone oMediaCount oMessageCount oMessageSegmentCount oMessageTurn
  oSkillExpressionApplications tAbandon tAcd tActiveCallback tActiveCallbackComplete tAcw
  tAgentResponseTime tAgentVideoConnected tAlert tAnswered tAverageAgentResponseTime
  tAverageCustomerResponseTime tBarging tCoaching tCoachingComplete tConnected tContacting
  tConversationDuration tDialing tFirstConnect tFirstDial tFirstEngagement tFirstResponse tFlow
  tFlowDisconnect tFlowExit tFlowOut tFlowOutcome tHandle tHeld tHeldComplete tIvr tMonitoring
  tMonitoringComplete tNotResponding tPark tParkComplete tScreenMonitoring tShortAbandon
  tSnippetRecord tTalk tTalkComplete tTransmitting tUserResponseTime tVoicemail ;
enum ConversationDetailQueryPredicate.operator matches exists notExists ;
enum SegmentDetailQueryPredicate.dimension addressFrom addressTo agentAssistantId agentOwned ani
  authenticated bargedParticipantId callbackNumber callbackScheduledTime
  canonicalExternalContactId cleared coachedParticipantId conference deliveryPushed deliveryStatus
  destinationAddress destinationConversationId detectedSpeechEnd detectedSpeechStart direction
  disconnectType dnis edgeId engagementSource errorCode exitReason extendedDeliveryStatus
  externalContactId externalOrganizationId flaggedReason flowId flowName flowOutType flowOutcome
  flowOutcomeId flowOutcomeValue flowVersion groupId journeyActionId journeyActionMapId
  journeyCustomerId journeyCustomerIdType journeyCustomerSessionId mediaCount mediaType
  messageType monitoredParticipantId outboundCampaignId outboundContactId outboundContactListId
  participantName protocolCallId provider purpose queueId recording remote remoteNameDisplayable
  requestedLanguageId requestedRouting requestedRoutingSkillId scoredAgentId screenMonitoredUserId
  screenRecording scriptId segmentEnd segmentType sessionDnis sipResponseCode skillExpressionId
  snippetRecording subject teamId transferTargetAddress transferTargetName transferType
  usedRouting userId wrapUpCode wrapUpNote ;
enum SegmentDetailQueryPredicate.propertyType bool integer real date string uuid ;
enum SegmentDetailQueryPredicate.metric tSegmentDuration ;
enum EvaluationDetailQueryPredicate.dimension assigneeApplicable assigneeId calibrationId
  contextId deleted evaluationId evaluationStatus evaluatorId eventTime formId formName queueId
  released rescored systemSubmitted userId ;
enum EvaluationDetailQueryPredicate.metric oTotalCriticalScore oTotalScore ;
enum SurveyDetailQueryPredicate.dimension eventTime queueId surveyCompletedDate
  surveyFormContextId surveyFormId surveyId surveyPartialResponse surveyPromoterScore surveyStatus
  surveyType userId ;
enum SurveyDetailQueryPredicate.metric oSurveyTotalScore ;
enum ResolutionDetailQueryPredicate.metric nNextContactAvoided ;
enum ConversationQuery.order asc desc unordered ;
enum ConversationQuery.orderBy conversationStart conversationEnd segmentStart segmentEnd ;
enum AnalyticsQueryAggregation.type termFrequency numericRange ;
enum SurveyAggregationQuery.groupBy conversationId divisionId externalContactId mediaType queueId
  requestedLanguageId requestedRoutingSkillId surveyAnswerId surveyErrorReason surveyFormContextId
  surveyFormId surveyFormName surveyId surveyPartialResponse surveyPreviousStatus
  surveyPromoterScore surveyQuestionGroupId surveyQuestionId surveyStatus surveyType teamId userId
  wrapUpCode ;
enum SurveyAggregateQueryPredicate.dimension conversationId divisionId externalContactId mediaType
  queueId requestedLanguageId requestedRoutingSkillId surveyAnswerId surveyCreatedDate
  surveyErrorReason surveyFormContextId surveyFormId surveyFormName surveyId surveyPartialResponse
  surveyPreviousStatus surveyPromoterScore surveyQuestionGroupId surveyQuestionId surveyStatus
  surveyType teamId userId wrapUpCode ;
enum SurveyAggregationQuery.metrics nSurveyErrors nSurveyFullResponses nSurveyNpsDetractors
  nSurveyNpsPromoters nSurveyNpsResponses nSurveyPartialResponses nSurveyQuestionGroupResponses
  nSurveyQuestionResponses nSurveyResponses nSurveysAbandoned nSurveysDeleted nSurveysExpired
  nSurveysSent nSurveysStarted nVoiceSurveys nWebSurveys oSurveyQuestionGroupScore
  oSurveyQuestionScore oSurveyTotalScore ;
enum SurveyAggregationView.function rangeBound ;
enum SurveyAggregationQuery.alternateTimeDimension eventTime surveyCreatedDate ;
enum ConversationAggregationQuery.groupBy activeRouting activeSkillId addressFrom addressTo
  agentAssistantId agentBullseyeRing agentOwned agentRank agentScore ani assignerId authenticated
  conversationId conversationInitiator convertedFrom convertedTo customerParticipation
  deliveryStatus destinationAddress direction disconnectType divisionId dnis edgeId
  eligibleAgentCount errorCode extendedDeliveryStatus externalContactId externalMediaCount
  externalOrganizationId externalTag firstQueue flaggedReason flowInType flowOutType groupId
  interactionType journeyActionId journeyActionMapId journeyActionMapVersion journeyCustomerId
  journeyCustomerIdType journeyCustomerSessionId journeyCustomerSessionIdType knowledgeBaseId
  mediaCount mediaType messageType originatingDirection originatingSocialMediaPublic
  outboundCampaignId outboundContactId outboundContactListId participantName peerId
  proposedAgentId provider purpose queueId remote removedSkillId requestedLanguageId
  requestedRouting requestedRoutingSkillId roomId routingPriority routingRing routingRule
  routingRuleType scoredAgentId selectedAgentId selectedAgentRank selfServed sessionDnis sessionId
  stationId teamId usedRouting userId videoPresent waitingInteractionCount wrapUpCode ;
enum ConversationAggregateQueryPredicate.dimension activeRouting activeSkillId addressFrom
  addressTo agentAssistantId agentBullseyeRing agentOwned agentRank agentScore ani assignerId
  authenticated canonicalExternalContactId conversationId conversationInitiator convertedFrom
  convertedTo customerParticipation deliveryStatus destinationAddress direction disconnectType
  divisionId dnis edgeId eligibleAgentCount errorCode extendedDeliveryStatus externalContactId
  externalMediaCount externalOrganizationId externalTag firstQueue flaggedReason flowInType
  flowOutType groupId interactionType journeyActionId journeyActionMapId journeyActionMapVersion
  journeyCustomerId journeyCustomerIdType journeyCustomerSessionId journeyCustomerSessionIdType
  knowledgeBaseId mediaCount mediaType messageType originatingDirection
  originatingSocialMediaPublic outboundCampaignId outboundContactId outboundContactListId
  participantName peerId proposedAgentId provider purpose queueId remote removedSkillId
  requestedLanguageId requestedRouting requestedRoutingSkillId roomId routingPriority routingRing
  routingRule routingRuleType scoredAgentId selectedAgentId selectedAgentRank selfServed
  sessionDnis sessionId skillExpressionId stationId teamId usedRouting userId videoPresent
  waitingInteractionCount wrapUpCode ;
enum ConversationAggregationQuery.metrics nBlindTransferred nBotInteractions nCobrowseSessions
  nConnected nConsult nConsultTransferred nError nOffered nOutbound nOutboundAbandoned
  nOutboundAttempted nOutboundConnected nOverSla nStateTransitionError nTransferred
  oExternalMediaCount oMediaCount oMessageCount oMessageSegmentCount oMessageTurn oServiceLevel
  oServiceTarget tAbandon tAcd tActiveCallback tActiveCallbackComplete tAcw tAgentResponseTime
  tAlert tAnswered tAverageAgentResponseTime tAverageCustomerResponseTime tBarging tCoaching
  tCoachingComplete tConnected tContacting tDialing tFirstConnect tFirstDial tFirstEngagement
  tFirstResponse tFlowOut tHandle tHeld tHeldComplete tIvr tMonitoring tMonitoringComplete
  tNotResponding tPark tParkComplete tShortAbandon tTalk tTalkComplete tUserResponseTime
  tVoicemail tWait ;
enum ConversationAggregationView.target nBlindTransferred nBotInteractions nCallbackAttempts
  nCallbackOverSla nCallbackScheduled nCobrowseSessions nConnected nConsult nConsultTransferred
  nConversations nError nOffered nOutbound nOutboundAbandoned nOutboundAttempted
  nOutboundConnected nOverSla nStateTransitionError nTakeover nTransferred oAudioMessageCount
  oExternalAudioMessageCount oExternalMediaCount oMediaCount oMessageCount oMessageSegmentCount
  oMessageTurn oServiceLevel oServiceTarget oSkillExpressionApplications tAbandon tAcd
  tActiveCallback tActiveCallbackComplete tAcw tAgentResponseTime tAgentVideoConnected tAlert
  tAnswered tAverageAgentResponseTime tAverageCustomerResponseTime tBarging tCallbackAbandon
  tCallbackConnect tCallbackNotReached tCoaching tCoachingComplete tConnected tContacting tDialing
  tFirstConnect tFirstDial tFirstEngagement tFirstResponse tFlowOut tHandle tHeld tHeldComplete
  tIvr tMonitoring tMonitoringComplete tNotResponding tPark tParkComplete tScreenMonitoring
  tShortAbandon tSnippetRecord tTalk tTalkComplete tTransmitting tUserResponseTime tVoicemail
  tWait ;
enum ConversationAggregationQuery.alternateTimeDimension eventTime ;
enum ConversationAggregationQuery.queryType bottomN groupBy topN ;
enum ConversationAggregationSort.name nBlindTransferred nBotInteractions nCallbackAttempts
  nCallbackOverSla nCallbackScheduled nCobrowseSessions nConnected nConsult nConsultTransferred
  nConversations nError nOffered nOutbound nOutboundAbandoned nOutboundAttempted
  nOutboundConnected nOverSla nStateTransitionError nTakeover nTransferred oAudioMessageCount
  oExternalAudioMessageCount oExternalMediaCount oMediaCount oMessageCount oMessageSegmentCount
  oMessageTurn oServiceTarget oSkillExpressionApplications tAbandon tAcd tActiveCallback
  tActiveCallbackComplete tAcw tAgentResponseTime tAgentVideoConnected tAlert tAnswered
  tAverageAgentResponseTime tAverageCustomerResponseTime tBarging tCallbackAbandon
  tCallbackConnect tCallbackNotReached tCoaching tCoachingComplete tConnected tContacting tDialing
  tFirstConnect tFirstDial tFirstEngagement tFirstResponse tFlowOut tHandle tHeld tHeldComplete
  tIvr tMonitoring tMonitoringComplete tNotResponding tPark tParkComplete tScreenMonitoring
  tSnippetRecord tTalk tTalkComplete tTransmitting tUserResponseTime tVoicemail ;
enum ConversationAggregationSort.function average count max min sum ;
enum EvaluationAggregationQuery.groupBy assigneeApplicable assigneeId calibrationId contextId
  conversationId divisionId evaluationContextId evaluationId evaluatorId formId mediaType queueId
  released rescored teamId userId ;
enum EvaluationAggregateQueryPredicate.dimension assigneeApplicable assigneeId calibrationId
  contextId conversationId conversationStart divisionId evaluationContextId evaluationCreatedDate
  evaluationId evaluationReleaseDate evaluatorId formId mediaType queueId released rescored
  systemSubmitted teamId userId ;
enum EvaluationAggregationQuery.metrics nEvaluations nEvaluationsDeleted nEvaluationsRescored
  oTotalCriticalScore oTotalScore ;
enum EvaluationAggregationQuery.alternateTimeDimension conversationStart evaluationCreatedDate
  evaluationReleaseDate eventTime ;
enum ResolutionAggregationQuery.groupBy conversationId externalContactId mediaType queueId
  requestedRouting usedRouting userId ;
enum ResolutionAggregateQueryPredicate.dimension conversationId externalContactId mediaType
  queueId requestedRouting usedRouting userId wrapUpDate ;
enum ResolutionAggregationQuery.alternateTimeDimension eventTime wrapUpDate ;
)";

}  // namespace csatdb::sim
